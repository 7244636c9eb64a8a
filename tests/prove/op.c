/* op.c - steps of the small world: what they mean, how they are done and told.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "op.h"
#include "hw.h"
#include "sched.h"

#include <core/map.h>
#include <stdio.h>
#include <x86_64/mmu.h>

#define BATCH_AT 2048 /* where in its page a caller writes the operations of a map call */

uint64_t op_wide[OP_WIDE_MOST];

uint64_t op_value(uint16_t code)
{
	if (code >= OP_WIDE && code < OP_WIDE + OP_WIDE_MOST)
		return op_wide[code - OP_WIDE];
	switch (code) {
	case OP_MAX:
		return UINT64_MAX;
	case OP_MAX_1:
		return UINT64_MAX - 1;
	case OP_HALF:
		return 1ull << 63;
	case OP_PAST:
		return frames_end;
	}
	return code;
}

static exo_va_t address(uint16_t code, bool table)
{
	static const exo_va_t wild[] = {0, EXO_VA_TOP, EXO_VA_TABLES, 0xffff800000000000};

	if (code >= OP_WILD && code < OP_WILD_ODD)
		return wild[code - OP_WILD];
	if (code == OP_WILD_ODD)
		return shape.place[1] + 8;
	if (code == OP_WILD_SHIFTED) /* a page further than the last place: nothing lies there */
		return shape.place[shape.places - 1] + EXO_PAGE_SIZE;
	return table ? shape.table[code].va : shape.place[code];
}

struct exo_map_op op_map(const struct op *op)
{
	uint8_t kind = (uint8_t)op->a[1];
	bool table = kind == EXO_MAP_TABLE || kind == EXO_MAP_UNTABLE;
	struct exo_map_op m = {.va = address(op->a[2], table),
			       .pfn = op_value(op->a[3]),
			       .count = op->a[4],
			       .cap = op->a[5],
			       .kind = kind,
			       .prot = op->a[1] >> 8};

	if (table && op->a[2] < OP_WILD)
		m.count = shape.table[op->a[2]].level;
	return m;
}

void op_map_two(const struct op *op, struct exo_map_op m[2])
{
	m[0] = (struct exo_map_op){.va = shape.place[op->a[2]], .count = 1, .kind = EXO_MAP_REMOVE};
	m[1] = (struct exo_map_op){.va = shape.table[op->a[4]].va,
				   .count = shape.table[op->a[4]].level,
				   .pfn = op->a[3],
				   .cap = op->a[5],
				   .kind = EXO_MAP_TABLE};
}

static bool forced_possible(const struct world *w, const struct op *op)
{
	const struct w_env *e = &w->env[op->env];

	if (!e->live || shape.cpu[op->env] == NOBODY)
		return false;
	if (op->call == OP_RUN)
		return !e->stopped && !e->loaded;
	return e->loaded && !e->stopped == (op->call != OP_LEAVE);
}

bool op_possible(const struct world *w, const struct op *op)
{
	if (shape.scheduled)
		return sched_possible(w, op);
	return forced_possible(w, op);
}

exo_va_t op_batch(uint16_t number)
{
	exo_va_t page = shape.place[0], end = page + EXO_PAGE_SIZE;
	const exo_va_t list[OP_BATCHES] = {page + 64,
					   page - 8,
					   end - sizeof(struct exo_map_op),
					   end - sizeof(struct exo_map_op) + 8,
					   0,
					   EXO_VA_TOP - sizeof(struct exo_map_op),
					   EXO_VA_TABLES,
					   0xffff800000000000,
					   UINT64_MAX - sizeof(struct exo_map_op) + 1,
					   UINT64_MAX};

	return list[number];
}

bool op_in_steps(const struct op *op)
{
	return op->call == EXO_SYS_cap_drop || op->call == EXO_SYS_cap_revoke ||
	       op->call == EXO_SYS_frame_take || op->call == EXO_SYS_env_destroy;
}

/* The caller writes its operations where its page tables say that its memory is. */
static struct exo_map_op *batch(const struct env *env)
{
	const uint64_t *e = map_entry(env->root, shape.place[0], 1);

	if (!e || !(*e & EXO_PTE_PRESENT))
		return NULL;
	return (struct exo_map_op *)((char *)direct((*e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT) +
				     BATCH_AT);
}

static long call(const struct op *op, uint32_t n, uint64_t arg[6])
{
	bool map = op->call == OP_MAP_TWO || op->call == OP_MAP_AT || op->call == EXO_SYS_map;
	uint64_t nr = map ? EXO_SYS_map : op->call;
	struct env *env = direct(shape.home[op->env]);
	struct exo_map_op *m = NULL;
	enum hw_outcome how;
	long r = 0;

	if (op->call == OP_MAP_AT) {
		arg[1] = op_batch(op->a[1]);
	} else if (map) {
		m = batch(env);
		if (m && op->call == OP_MAP_TWO)
			op_map_two(op, m);
		else if (m)
			*m = op_map(op);
		arg[1] = shape.place[0] + BATCH_AT;
		arg[2] = op->call == OP_MAP_TWO ? 2 : 1;
	}
	hw_cpu[n].env = env;
	how = hw_call(n, nr, arg, &r);
	hw_cpu[n].env = NULL;
	if (m)
		memset(m, 0, 2 * sizeof(*m));
	if (how == HW_RETURNED)
		return r;
	if (how != HW_IDLE || !env->stopped)
		hw_blame("the call did not return");
	return r;
}

long op_do(const struct op *op)
{
	uint32_t n = shape.cpu[op->env];
	uint64_t arg[6];

	if (shape.scheduled)
		return sched_do(op);
	for (int i = 0; i < 6; i++)
		arg[i] = op_value(op->a[i]);
	hw_this = &hw_cpu[n];
	if (op->call == OP_RUN)
		mmu_load(direct(shape.home[op->env]));
	else if (op->call == OP_LEAVE)
		hw_look(n);
	else
		return call(op, n, arg);
	return 0;
}

static const char *const names[] = {
#define NAME(nr, name, ...) [nr] = #name,
#define EXO_CALL0           NAME
#define EXO_CALL1           NAME
#define EXO_CALL2           NAME
#define EXO_CALL3           NAME
#define EXO_CALL4           NAME
#define EXO_CALL5           NAME
#define EXO_CALL6           NAME
#include <exo/syscalls.def>
#include <exo/undef.h>
};

static const char *const errors[] = {
#define EXO_ERROR(name, value, text) [value] = #name,
#include <exo/error.def>
#undef EXO_ERROR
};

/* The operations of a map call, or its arguments as numbers. */
static int arguments(char *text, size_t size, const struct op *op)
{
	static const char *const kinds[] = {"?",       "PAGES", "LARGE",  "REMOVE",
					    "PROTECT", "TABLE", "UNTABLE"};
	struct exo_map_op m[2];
	int n = 0;

	if (op->call == OP_MAP_AT)
		return snprintf(text, size, "map %lu operations at %lx", op_value(op->a[2]),
				op_batch(op->a[1]));
	if (op->call == EXO_SYS_map || op->call == OP_MAP_TWO) {
		if (op->call == OP_MAP_TWO)
			op_map_two(op, m);
		else
			m[0] = op_map(op);
		n = snprintf(text, size, "map env slot %u:", op->a[0]);
		for (int i = 0; i < (op->call == OP_MAP_TWO ? 2 : 1); i++)
			n += snprintf(text + n, size - n,
				      " %s va %lx frame %lx count %u slot %u prot %u",
				      kinds[m[i].kind % 7], m[i].va, m[i].pfn, m[i].count, m[i].cap,
				      m[i].prot);
		return n;
	}
	n = snprintf(text, size, "%s(", names[op->call]);
	for (int i = 0; i < 6; i++)
		n += snprintf(text + n, size - n, op_value(op->a[i]) > 9999 ? "%s%#lx" : "%s%lu",
			      i ? ", " : "", op_value(op->a[i]));
	return n + snprintf(text + n, size - n, ")");
}

void op_text(char *text, size_t size, const struct op *op, const long *result)
{
	int n = snprintf(text, size, shape.scheduled ? "CPU %u: " : "environment %u: ", op->env);

	if (op->call == OP_TICK || op->call == OP_WAKE) {
		snprintf(text + n, size - n, op->call == OP_TICK ? "timer" : "is woken");
		return;
	}

	if (op->call == OP_RUN || op->call == OP_LEAVE) {
		snprintf(text + n, size - n, op->call == OP_RUN ? "runs" : "its CPU leaves it");
		return;
	}
	n += arguments(text + n, size - n, op);
	if (result && *result < 0 && *result > -(long)(sizeof(errors) / sizeof(errors[0])))
		snprintf(text + n, size - n, " = -%s", errors[-*result]);
	else if (result && *result == SCHED_AWAY)
		snprintf(text + n, size - n, " has not returned");
	else if (result)
		snprintf(text + n, size - n, " = %ld", *result);
}
