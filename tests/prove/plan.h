/* plan.h - small worlds: what is in one, and what is tried in it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_PLAN_H
#define PROVE_PLAN_H

#include "op.h"
#include "world.h"

/* Frames of the first environment. */
enum {
	BOOT_ACCOUNT = 1,
	BOOT_ENV,
	BOOT_ROOT,
	BOOT_SLOTS,
	BOOT_TABLES, /* three */
	BOOT_PAGE = BOOT_TABLES + 3,
	BOOT_INFO,
	BOOT_KERNEL,
	BOOT_FREE, /* the first free one */
};

/* Homes that every plan has. */
enum { HOME_ACCOUNT, HOME_FIRST };

#define OPS_MAX 4096

struct ops {
	uint32_t count;
	struct op op[OPS_MAX];
};

/* What one environment tries.  Under which slots: those of [from, to) that are filled, and
 * `also` (0: none more). */
struct menu {
	uint8_t env;
	uint32_t what;
	int from, to;
	int also[3];
	int give[2];       /* slots of the environments it gives to, 0: none */
	int pool, frames;  /* frames that it takes, maps, makes objects of */
	int map_env;       /* slot of the environment whose address space it changes, 0: its own */
	int places, tables; /* bits: addresses and tables it uses */
	int home;          /* frames [home, home + 2] become an environment, 0: none */
};

struct plan {
	const char *name, *what;
	struct shape shape;
	int budget;
	uint64_t limit; /* of the first account */
	int depth;      /* calls in a row, in the short run */
	int probes;     /* in states less deep than this the probes are made, too */
	bool scheduled; /* after the setup the kernel decides who runs... */
	void (*begin)(struct ops *ops); /* ...and this is done first; NULL: nothing */
	void (*setup)(struct ops *ops);
	void (*moves)(const struct world *w, struct ops *ops); /* besides the menus; NULL: none */
	struct menu menu[6];
};

extern const struct plan plan_caps, plan_revoke, plan_accounts, plan_seize, plan_gone, plan_maps, plan_large,
	plan_envs, plan_stale, plan_slices, plan_turns, plan_lent,
	plan_called, plan_served, plan_moved, plan_ranges;

void add(struct ops *ops, uint8_t env, int call, int a0, int a1, int a2, int a3, int a4, int a5);
void add_map(struct ops *ops, uint8_t env, int of, int kind, int prot, int place, int pfn, int count,
	     int slot);

/* The first environment makes another at a home, with 3 tables and a page for batches in the 6
 * frames after its object; slot `dst` names it, its slot MEMORY covers `first` .. + `count`. */
void add_env(struct ops *ops, uint8_t home, int dst, int first, int count);

/* The lowest of slots [from, to) of an environment that is empty; to if none. */
int empty_slot(const struct world *w, uint8_t env, int from, int to);

/* The machine as boot leaves it, in the shape of the plan. */
void boot(uint64_t limit);

#endif
