/* model.h - what the kernel's calls do, said once more.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A second, simple implementation of the contract of exo/syscalls.def for a small world: a pool of
 * frames, a parent and its children, accounts, a few pages at the borders of page tables.  Of a
 * call it says which errors it may return, or that it succeeds and with what; and what is different
 * then.  Where more than one error is true, any of them will do: the contract sets no order.
 */
#ifndef MODEL_H
#define MODEL_H

#include <exo/cap.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/info.h>
#include <exo/map.h>
#include <exo/syscall.h>
#include <stdbool.h>
#include <stddef.h>

#define M_ENVS     7  /* [0]: the parent */
#define M_ACCOUNTS 12 /* [0]: the first */
#define M_PAGES    3  /* of slots in one table */
#define M_SLOTS    (M_PAGES * EXO_CAP_SLOTS)
#define M_FRAMES   768 /* the pool; its last 512 make a large page */
#define M_ACTS     4   /* activations of one environment */
#define M_CORNERS  5   /* places where page tables meet */
#define M_BEFORE   8   /* pages of a place before the border... */
#define M_WINDOW   80  /* ...and all of them */
#define M_UNITS    7   /* 2 MiB units that these lie in */
#define M_BATCH    8

#define M_BIT(name) (1u << EXO_E_##name)

struct m_cap {
	uint8_t kind, rights, depth;
	bool used, ending, revoking;
	uint32_t generation;
	exo_pfn_t account;
	uint64_t first, count;
	struct m_cap *parent;
	uint8_t env;
};

struct m_frame {
	uint8_t type;
	bool going;
	uint16_t wired;
	uint32_t maps, generation;
	exo_pfn_t account;
	bool known; /* its first word: */
	uint64_t word;
};

struct m_account {
	exo_pfn_t object; /* 0: there is none */
	exo_pfn_t parent;
	uint32_t depth;
	uint64_t used, limit, guaranteed, left, children;
};

/* A page, or (in large[]) a page of 2 MiB. */
struct m_leaf {
	exo_pfn_t pfn; /* 0: not mapped */
	exo_cap_t slot;
	uint8_t prot;
};

struct m_act {
	bool bound;
	exo_pfn_t pfn;
	exo_cap_t slot;
	uint16_t slices;
};

struct m_env {
	exo_pfn_t object; /* 0: there is none */
	exo_pfn_t root;
	exo_pfn_t page[M_PAGES];
	uint32_t pages;
	uint64_t stopped;
	bool drives; /* it runs, and does what it is told */
	bool silent; /* not all its page tables are in the model: its first tables are the kit's */
	struct m_act act[M_ACTS];
	struct m_leaf leaf[M_CORNERS][M_WINDOW], large[M_UNITS];
	exo_pfn_t table[3][M_UNITS]; /* of levels 1 to 3, by m_unit, m_gib, m_region */
	struct m_cap cap[M_SLOTS];
};

extern struct m_env m_env[M_ENVS];
extern struct m_account m_account[M_ACCOUNTS];
extern struct m_frame m_frame[M_FRAMES];
extern exo_pfn_t m_pool, m_first_account;
extern struct m_slice { /* of the CPU's vector */
	uint8_t env, act;
	struct m_cap *cap; /* NULL: empty */
	uint64_t ns, most;
} m_slice[EXO_SLICE_MAX];

/* A call as it is made: by environment `self`; `op` holds the operations of map. */
struct m_call {
	uint64_t nr;
	int self;
	uint64_t a[6];
	struct exo_map_op op[M_BATCH];
	uint32_t ops;
	bool op_mapped; /* a[1] of map points to op */
};

struct m_expect {
	uint32_t errors; /* 0: it succeeds, */
	uint32_t may;    /* unless one of these */
	long value;      /* -1: any */
};

/* What will come of it; nothing changes. */
struct m_expect m_predict(const struct m_call *c);

/* It succeeded, with `result`. */
void m_apply(const struct m_call *c, long result);

/* model.c */
struct m_frame *m_frame_of(exo_pfn_t pfn); /* NULL: not of the pool */
struct m_account *m_account_of(exo_pfn_t object);
bool m_within(exo_pfn_t object, exo_pfn_t above);
uint32_t m_may_become(const struct m_cap *cap, exo_pfn_t pfn);
void m_become(exo_pfn_t pfn, enum exo_frame_type type);
void m_release(exo_pfn_t pfn);
void m_count(exo_pfn_t object, exo_pfn_t top, int64_t n);
int m_env_at(exo_pfn_t object);                                /* -1: none */
bool m_may_frames(const struct m_call *c, struct m_expect *x); /* true: it is one of these calls */
bool m_do_frames(const struct m_call *c, long result);

/* caps.c */
struct m_cap *m_slot(int env, exo_cap_t slot);
struct m_cap *m_get(int env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights);
bool m_covers(const struct m_cap *c, uint64_t first, uint64_t count);
bool m_usable(const struct m_cap *c); /* filled, and not being taken back */
bool m_is_below(const struct m_cap *c, const struct m_cap *above);
uint32_t m_named_env(int self, exo_cap_t slot, unsigned rights, int *env); /* errors */
void m_empty(struct m_cap *c);
void m_fill(struct m_cap *c, struct m_cap *parent, struct m_cap value);
exo_cap_t m_number(const struct m_cap *c);
uint32_t m_may_derive(const struct m_cap *from, int to, exo_cap_t dst, uint64_t first,
		      uint64_t count, uint32_t rights);
void m_derive(struct m_cap *from, int to, exo_cap_t dst, uint64_t first, uint64_t count,
	      uint32_t rights, const struct m_cap *account);
bool m_may_caps(const struct m_call *c, struct m_expect *x);
bool m_do_caps(const struct m_call *c, long result);

/* map.c */
exo_va_t m_corner(int n);
bool m_place(exo_va_t va, int *corner, int *page); /* false: in no window */
int m_unit(exo_va_t va);                           /* -1: none of ours */
exo_pfn_t *m_table(int env, exo_va_t va, int level);
bool m_may_map(const struct m_call *c, struct m_expect *x);
bool m_do_map(const struct m_call *c, long result);
void m_unmap_slot(int env, exo_cap_t slot);
void m_unmap_frames(exo_pfn_t first, uint64_t count);
void m_unmap_all(int env);
unsigned m_in_use(int env, exo_va_t va, int level); /* entries of the table */
/* The n-th table of a level: what it maps and, if it is there, its frame; false: there is no n-th.
 */
bool m_table_at(int env, int level, int n, exo_va_t *va, exo_pfn_t *pfn);
/* What is mapped at va, NULL if va is in no window. */
const struct m_leaf *m_leaf_at(int env, exo_va_t va);

/* envs.c */
void m_destroy(int env);
void m_stop(int env, enum exo_stop reason, uint32_t status);
void m_lose(int env, exo_cap_t slot); /* the slot gives nothing any more */
void m_lose_slices(const struct m_cap *cap);
bool m_may_envs(const struct m_call *c, struct m_expect *x);
bool m_do_envs(const struct m_call *c, long result);

/* compare.c: what the kernel's tables have otherwise than the model, said by kt_check. */
bool m_compare(void);

#endif
