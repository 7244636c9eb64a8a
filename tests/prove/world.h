/* world.h - the state of the kernel as its contract speaks of it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Numbers are small: objects are known by their place in a list of frames that may hold one
 * (their home), slots and addresses by their place in the lists of the plan.  A world is made in
 * two ways, by looking at the kernel's memory (view.c) and by following the calls in a model
 * written from their contracts (spec*.c); both must be the same, byte for byte.
 */
#ifndef PROVE_WORLD_H
#define PROVE_WORLD_H

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/map.h>
#include <exo/types.h>
#include <stdbool.h>
#include <string.h>

#define W_HOMES  6  /* frames that may hold an environment's or account's object */
#define W_SLOTS  28 /* per table: 24 of the first page, 4 of the second */
#define W_SMALL  44 /* frames that are looked at one by one */
#define W_FRAMES (W_SMALL + 4) /* and the first, second, last and all others of a run of 2 MiB */
#define W_PLACES 8 /* addresses at which something may be mapped */
#define W_TABLES 8 /* places for page tables below the root */
#define W_ACTS   2
#define W_CPUS   4
#define W_SLICES 3
#define NOBODY   0xff

#define SLOT_SECOND 24 /* place of the second page's first slot */

enum w_type { W_ABSENT, W_FREE, W_DATA, W_INFO, W_TABLE1, W_TABLE2, W_TABLE3, W_TABLE4, W_CAPS, W_ENV, W_ACCOUNT };

struct w_cap {
	uint8_t kind, rights, depth;
	uint8_t ending, revoking, used;
	uint8_t account;             /* FRAMES: home of the account, NOBODY: none */
	uint8_t parent, parent_slot; /* home of the table in which the parent lies, NOBODY: a root */
	uint8_t swept;               /* how far its undoing got, as far as that can be seen */
	uint16_t generation;         /* of the object it names */
	uint32_t first, count;
};

struct w_map {
	uint16_t pfn; /* 0: nothing is mapped */
	uint8_t prot, slot;
	uint8_t seen; /* accessed 1, dirty 2 */
	uint8_t zero;
};

struct w_act {
	uint8_t state, slot, bound, cpu;
	uint16_t pfn;
	uint8_t event_due, resume; /* 16: the call it is in or made last is sleep */
	uint8_t callee, callee_index, caller, caller_index; /* homes of environments, NOBODY */
	uint16_t receive;
	uint16_t mask;     /* event bits it sleeps on */
	uint16_t event;    /* bit 15: the alarm's */
	uint8_t depth;     /* of its frames */
	uint8_t pending;
	int32_t argument;
	uint32_t deadline; /* from now on; 0: none, 1: it is over */
};

struct w_env {
	uint8_t live, stopped, status, wx;
	uint8_t creator, stop_bits; /* home; NOBODY: the kernel */
	uint16_t creator_generation;
	uint8_t pages, loaded; /* of slots; on its CPU */
	uint16_t page[2], root;
	struct {
		uint8_t env, count;
		uint16_t first, generation, swept;
	} take; /* a pass over all page tables: the kernel's own affair */
	struct w_act act[W_ACTS];
	uint16_t table[W_TABLES];
	struct w_map map[W_PLACES];
	struct w_cap cap[W_SLOTS];
};

struct w_account {
	uint8_t live, parent, depth, children;
	uint16_t used, left;
	uint64_t limit, guaranteed;
};

struct w_frame {
	uint8_t type, account, going, wired; /* account: home, NOBODY */
	uint16_t generation, maps;
};

struct w_slice {
	uint8_t env, index, cap_env, cap_slot; /* NOBODY: empty */
	uint32_t ns, most;
	int32_t credit;
};

/* A CPU on which the kernel's own scheduling is at work (the plan says so; else all 0). */
struct w_cpu {
	uint8_t env, index;               /* who runs there, NOBODY */
	uint8_t vector, vector_index;     /* whose vector registers it holds */
	uint8_t turn, grace, due, poked;
	uint32_t until, timer; /* from now on, as above */
};

struct world {
	struct w_frame frame[W_FRAMES];
	struct w_account account[W_HOMES];
	struct w_env env[W_HOMES];
	struct w_slice slice[W_CPUS][W_SLICES];
	struct w_cpu cpu[W_CPUS];
};

/* The small world that a plan describes. */
struct shape {
	uint32_t frames; /* 1 .. frames - 1 are there, */
	bool run;        /* and one run of 2 MiB from EXO_LARGE_FRAMES on */
	uint32_t homes;
	uint16_t home[W_HOMES];
	uint8_t cpu[W_HOMES]; /* that an environment there runs on, NOBODY: it never runs */
	bool wx;        /* the first environment may have write and execute on one page */
	bool scheduled; /* who runs is the kernel's affair; else everybody does, on a CPU of its own */
	uint32_t places;
	exo_va_t place[W_PLACES];
	bool large[W_PLACES]; /* a page of 2 MiB */
	uint32_t tables;
	struct {
		exo_va_t va;
		uint8_t level;
	} table[W_TABLES];
};
extern struct shape shape;

uint32_t slot_number(uint32_t place);       /* of a slot's place: the number */
uint32_t slot_place(uint32_t number);       /* and back; NOBODY: none */
uint32_t frame_place(uint64_t pfn);         /* of a frame in struct world; NOBODY: none */
const struct w_frame *frame_at(const struct world *w, uint64_t pfn); /* one that is not there: absent */
uint8_t home_of(uint64_t pfn);              /* NOBODY: none */
uint8_t home_table(exo_va_t va, int level); /* place of the table of that level that holds va */

/* What follows from the rest and is counted, not kept: used, left, children, maps. */
void world_count(struct world *w);

/* From now to a time of the kernel's: 0: none, 1: it is over. */
uint32_t from_now(uint64_t time);

/* Look at the kernel's memory.  What is not as it must be is a complaint (NULL: none). */
const char *view(struct world *w);

/* The structure of the kernel's tables, whatever the calls were: a complaint or NULL. */
const char *check(const struct world *w);

/* Where two worlds differ, in words. */
const char *world_difference(const struct world *model, const struct world *kernel);

/* A complaint with numbers in it; lives until the next but seven. */
const char *say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
