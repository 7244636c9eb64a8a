/* look.h - the machine at one moment, from the kernel's open tables; and what has happened since
 * the look before.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Nothing here makes a system call.  The tables change while they are read, so numbers of one look
 * can be of moments a little apart; each is true for its own.
 */
#ifndef LOOK_H
#define LOOK_H

#include <exo/info.h>
#include <stdbool.h>
#include <stdint.h>

#define ACCOUNTS_MAX 256
#define ROWS_MAX     512 /* slices filled, and environments without one */
#define CELLS        78  /* of the map of memory */

/* What there is to read. */
struct tables {
	const volatile struct exo_info *info;
	const volatile struct exo_cpu_info *cpu;      /* [info->cpus] */
	const volatile struct exo_frame_state *frame; /* [info->pfn_end] */
	const volatile struct exo_slice *slice[EXO_CPU_MAX];
};

struct account {
	uint32_t pfn;             /* of its object */
	uint32_t parent;          /* of the account above; its own: it is the first */
	uint64_t own;             /* frames that are its own */
	uint64_t all;             /* and those of accounts below it: what the kernel calls `used` */
	uint64_t tables, objects; /* of its own: page tables; environments, slots, accounts */
	uint32_t share;           /* of all CPUs' time since the look before, in 1/1000 */
	char letter;              /* in the map */
};

/* A slice, or an environment that has none. */
struct row {
	uint32_t env, account; /* frames of their objects */
	uint16_t cpu, slot, index;
	bool slice;
	uint32_t ns;    /* how long at a time */
	uint32_t share; /* of that CPU's time since the look before, in 1/1000 */
};

struct cpu_row {
	uint64_t calls, upcalls, interrupts, switches; /* a second */
	uint32_t idle;                                 /* share of time, in 1/1000 */
};

struct look {
	uint64_t ns;                /* between this look and the one before */
	uint64_t ram, free, kernel; /* frames */
	uint32_t accounts, rows, cpus;
	uint32_t more_accounts, more_rows; /* for which there was no room */
	struct account account[ACCOUNTS_MAX];
	struct row row[ROWS_MAX];
	struct cpu_row cpu[EXO_CPU_MAX];
	char map[CELLS + 1]; /* who has most of each stretch of frame numbers */
};

enum sort { BY_FRAMES = 1, BY_TIME = 2 };

/* Look at time `now`.  The first look has no look before: its shares are since the start. */
void look(struct look *l, const struct tables *t, uint64_t now, enum sort sort);

#endif
