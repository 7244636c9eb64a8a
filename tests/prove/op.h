/* op.h - one step of the small world: a call by an environment, or something a CPU does.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_OP_H
#define PROVE_OP_H

#include <exo/map.h>
#include <exo/syscall.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Steps that are no calls. */
enum {
	OP_RUN = 200,  /* the environment begins to run on its CPU */
	OP_LEAVE,      /* its CPU notices that it has stopped */
	OP_MAP_TWO,    /* map: REMOVE of place a[2], then TABLE of frame a[3] at table place a[4] */
	OP_MAP_AT,     /* map: a[2] operations at the address number a[1] of a list; all bytes are 0 */
	OP_TICK,       /* the timer of CPU `env` */
	OP_WAKE,       /* CPU `env` takes the interrupt it was sent */
};

/* Numbers that 16 bits cannot say: these, and others of a test's own, OP_WIDE + 0 ... */
enum { OP_WIDE = 0xfe00, OP_WIDE_MOST = 16 };
extern uint64_t op_wide[OP_WIDE_MOST];

enum { OP_MAX = 0xffff, OP_MAX_1 = 0xfffe, OP_HALF = 0xfffd, OP_PAST = 0xfffc };

struct op {
	uint8_t env; /* home of the environment that makes it */
	uint8_t call;
	uint16_t a[6];
};

uint64_t op_value(uint16_t code);

/* The map operation that the arguments stand for. */
struct exo_map_op op_map(const struct op *op);
void op_map_two(const struct op *op, struct exo_map_op m[2]);

/* Addresses that are no places. */
enum { OP_WILD = 0x100, OP_WILD_ZERO = OP_WILD, OP_WILD_TOP, OP_WILD_TABLES, OP_WILD_KERNEL, OP_WILD_ODD, OP_WILD_SHIFTED };

/* Addresses for OP_MAP_AT. */
enum { OP_BATCHES = 10 };
exo_va_t op_batch(uint16_t number);

/* As a line of text; *result NULL: not known yet. */
void op_text(char *text, size_t size, const struct op *op, const long *result);

/* Can this be done at all in this world? */
struct world;
bool op_in_steps(const struct op *op); /* returns 1 while there is more to do */
bool op_possible(const struct world *w, const struct op *op);

/* Let the machine do it: the call's result, 0 for what is no call. */
long op_do(const struct op *op);

#endif
