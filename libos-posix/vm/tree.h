/* tree.h - the regions of an address space in order: find, split, join, and where there is room.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C over nodes that the caller gave (px_tree_feed): nothing here allocates, faults, locks or
 * needs more than general registers.  A search tree by address, kept shallow by random ranks
 * (a treap); each node also knows the largest gap below it, so that room is found in
 * logarithmic time among thousands of regions.
 */
#ifndef PX_TREE_H
#define PX_TREE_H

#include <exo/types.h>
#include <stdbool.h>
#include <stddef.h>

enum px_region_flag {
	PX_R_SHARED = 0x01,    /* what is written is seen by all who have it */
	PX_R_CHARGED = 0x02,   /* its pages are promised */
	PX_R_NORESERVE = 0x04, /* never promised: touching it may find no memory */
	PX_R_SEALED = 0x08,    /* shared, of a file not open for writing: never writable */
	PX_R_OWN = 0x10,       /* the libOS's: mmap and its like leave it alone */
	PX_R_GUARD = 0x20,     /* below a stack: touched only by what overflows */
	PX_R_STACK = 0x40,
	PX_R_ROOM = 0x80,   /* kept free for what lies below it to grow */
	PX_R_IMAGE = 0x100, /* the same in all processes: mapped where it is touched */
	PX_R_FRESH = 0x200, /* each process has its own, and begins with another */
	PX_R_LENT = 0x400,  /* some of its pages have been on loan (loan.h) */
	PX_R_LARGE = 0x800, /* may have pages of 2 MiB (large.h) */
};

/* Pages [start, end).  Those of a file lie at `offset` and on in it. */
struct px_region {
	exo_va_t start, end;
	uint8_t prot;           /* EXO_PROT_* */
	uint8_t around;         /* pages filled at a time, a power of two */
	uint16_t flags;         /* enum px_region_flag */
	struct px_vnode *vnode; /* or NULL: memory that begins as zero */
	uint64_t offset;
	exo_va_t hidden; /* where its pages are while nobody may touch them, or 0 */
	const char *name;
	/* the tree's own */
	struct px_region *left, *right;
	exo_va_t low, high; /* of this node and all below it */
	uint64_t gap;       /* the largest between two of them */
	uint64_t rank;
};

struct px_tree {
	struct px_region *root, *free;
	uint32_t count, spare; /* regions; free nodes */
	uint64_t seed;         /* of the ranks; not 0 */
};

/* Take memory for more nodes. */
void px_tree_feed(struct px_tree *t, struct px_region *node, size_t count);

/* The region that holds va, or else the next one above it, or NULL. */
struct px_region *px_tree_find(const struct px_tree *t, exo_va_t va);

/* Is there nothing in [start, end)? */
bool px_tree_clear(const struct px_tree *t, exo_va_t start, exo_va_t end);

/* Is all of [start, end) covered by regions? */
bool px_tree_covered(const struct px_tree *t, exo_va_t start, exo_va_t end);

/* A new region like `like`, which must not meet another; needs a spare node. */
struct px_region *px_tree_add(struct px_tree *t, const struct px_region *like);
void px_tree_remove(struct px_tree *t, struct px_region *r);

/* Move r's ends, without meeting another.  Nothing else of it changes. */
void px_tree_resize(struct px_tree *t, struct px_region *r, exo_va_t start, exo_va_t end);

/* Make two of r at `at`, inside it; returns the upper one.  Needs a spare node. */
struct px_region *px_tree_split(struct px_tree *t, struct px_region *r, exo_va_t at);

/* Make one of r and its neighbours where nothing tells them apart; returns it. */
struct px_region *px_tree_join(struct px_tree *t, struct px_region *r);

/* px_tree_add and px_tree_join in one, without a node where one of the neighbours can have it. */
struct px_region *px_tree_put(struct px_tree *t, const struct px_region *like);

/* Leave of r only [start, end), which lies in it. */
void px_tree_trim(struct px_tree *t, struct px_region *r, exo_va_t start, exo_va_t end);

/* The highest start of `bytes` free bytes within [floor, ceil), or 0. */
exo_va_t px_tree_room(const struct px_tree *t, uint64_t bytes, exo_va_t floor, exo_va_t ceil);

#endif
