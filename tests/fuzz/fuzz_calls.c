/* fuzz_calls.c - fuzz target: kernel calls in a row, with arguments of 64 bits.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The worlds are those of tests/prove, and so are the model and what must hold in every state;
 * there all sequences to a depth are gone through, with few numbers, here some longer ones with
 * any.
 */
#include "fuzz.h"

#include <explore.c>

#define SLOTS 22

static const uint8_t calls[] = {
	EXO_SYS_cap_derive,
	EXO_SYS_cap_charge,
	EXO_SYS_cap_drop,
	EXO_SYS_cap_revoke,
	EXO_SYS_cap_grow,
	EXO_SYS_frame_alloc,
	EXO_SYS_frame_free,
	EXO_SYS_frame_take,
	EXO_SYS_account_create,
	EXO_SYS_account_open,
	EXO_SYS_account_limit,
	EXO_SYS_account_destroy,
	EXO_SYS_map,
	EXO_SYS_map,
	EXO_SYS_env_create,
	EXO_SYS_env_stop,
	EXO_SYS_env_status,
	EXO_SYS_env_destroy,
	EXO_SYS_object_copy,
	EXO_SYS_activation_bind,
	EXO_SYS_notify,
	EXO_SYS_slice_bind,
};

/* How many bytes of each argument count: the registers' upper halves are nothing to a narrow one.
 */
#define ARGS0(nr, name)                      [nr] = {0},
#define ARGS1(nr, name, a, an)               [nr] = {sizeof(a)},
#define ARGS2(nr, name, a, an, b, bn)        [nr] = {sizeof(a), sizeof(b)},
#define ARGS3(nr, name, a, an, b, bn, c, cn) [nr] = {sizeof(a), sizeof(b), sizeof(c)},
#define ARGS4(nr, name, a, an, b, bn, c, cn, d, dn)                                                \
	[nr] = {sizeof(a), sizeof(b), sizeof(c), sizeof(d)},
#define ARGS5(nr, name, a, an, b, bn, c, cn, d, dn, e, en)                                         \
	[nr] = {sizeof(a), sizeof(b), sizeof(c), sizeof(d), sizeof(e)},
#define ARGS6(nr, name, a, an, b, bn, c, cn, d, dn, e, en, f, fn)                                  \
	[nr] = {sizeof(a), sizeof(b), sizeof(c), sizeof(d), sizeof(e), sizeof(f)},
static const uint8_t bytes[256][6] = {
#define EXO_CALL0 ARGS0
#define EXO_CALL1 ARGS1
#define EXO_CALL2 ARGS2
#define EXO_CALL3 ARGS3
#define EXO_CALL4 ARGS4
#define EXO_CALL5 ARGS5
#define EXO_CALL6 ARGS6
#include <exo/syscalls.def>
#include <exo/undef.h>
};

static void narrow(const struct op *op)
{
	for (int i = 0; i < 6; i++)
		if (op->a[i] >= OP_WIDE && op->a[i] < OP_WIDE + OP_WIDE_MOST &&
		    bytes[op->call][i] < 8)
			op_wide[op->a[i] - OP_WIDE] &= (1ull << 8 * bytes[op->call][i]) - 1;
}

/* A slot, a frame, bits, or any number at all. */
static uint16_t argument(struct input *in, int *wides)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);

	if (how % 8 < 5 || *wides == OP_WIDE_MOST)
		return how / 8;
	if (how % 8 == 5)
		return (uint16_t)get_bytes(in, 1);
	op_wide[*wides] = get_number(in);
	if (op_wide[*wides] < OP_WIDE)
		return (uint16_t)op_wide[*wides];
	return (uint16_t)(OP_WIDE + (*wides)++);
}

/* Numbers that mean something, but nothing that the model looks at, become others. */
static void keep(struct op *op, int i, uint64_t seen, uint64_t most)
{
	uint64_t v = op_value(op->a[i]);

	if (bytes[op->call][i] < 8)
		v = (uint32_t)v;
	if (v >= seen && v <= most)
		op->a[i] = (uint16_t)(v % seen);
}

/* Slots that are filled are those that the model looks at. */
static void fill_seen(struct op *op)
{
	int i = op->call == EXO_SYS_account_create ? 3 : op->call == EXO_SYS_env_create ? 4 : 2;
	uint32_t v = (uint32_t)op_value(op->a[i]);

	if (v < ENV_CAP_PAGES * EXO_CAP_SLOTS && slot_place(v) == NOBODY)
		op->a[i] = (uint16_t)(v % SLOT_SECOND);
	switch (op->call) {
	case EXO_SYS_slice_bind:
		keep(op, 2, W_SLICES, EXO_SLICE_MAX);
		keep(op, 4, W_ACTS, EXO_CPU_MAX);
		break;
	case EXO_SYS_activation_bind:
		keep(op, 1, W_ACTS, EXO_CPU_MAX);
		keep(op, 4, 1 << 15, UINT64_MAX);
		break;
	case EXO_SYS_notify:
		keep(op, 1, W_ACTS, EXO_CPU_MAX);
		keep(op, 2, 1 << 15, UINT64_MAX);
		break;
	case EXO_SYS_env_stop:
		keep(op, 1, 1 << 8, UINT64_MAX);
	}
}

static void decode(struct input *in, struct op *op)
{
	int wides = 0;

	memset(op, 0, sizeof(*op));
	op->env = (uint8_t)(HOME_FIRST + get_below(in, 3));
	op->call = calls[get_below(in, sizeof(calls))];
	for (int i = 0; i < 6; i++)
		op->a[i] = argument(in, &wides);
	fill_seen(op);
	if (op->call != EXO_SYS_map)
		return;
	op->a[1] = (uint16_t)((op->a[1] & 3) << 8 | (1 + get_below(in, 7)));
	op->a[2] = (uint16_t)(get_below(in, 8) ? op->a[2] % shape.places : OP_WILD + op->a[2] % 6);
	if ((op->a[1] & 0xff) >= EXO_MAP_TABLE && op->a[2] < OP_WILD)
		op->a[2] %= shape.tables;
	op->a[4] = (uint16_t)(op->a[4] % 5);
}

static void blame(const char *wrong, const struct op *op, long r)
{
	char text[300];

	if (!wrong)
		return;
	op_text(text, sizeof(text), op, &r);
	fprintf(stderr, "%s: %s\n", text, wrong);
	for (int i = 0; i < OP_WIDE_MOST; i++)
		fprintf(stderr, " %lx", op_wide[i]);
	abort();
}

/* False: the machine went off, as the first environment was stopped. */
static bool one(const struct op *op)
{
	struct world seen = {0}, model = ex.world;
	const char *wrong;
	long r;

	ex.doing = op;
	hw_keep(ex.kept);
	tlb_fill();
	wrong = step(op, &r);
	narrow(op);
	if (((const struct env *)direct(BOOT_ENV))->stopped)
		return false;
	blame(wrong, op, r);
	if (r < 0 && hw_is(ex.kept)) {
		blame(spec(&model, op, r, &ex.world), op, r);
		return true;
	}
	if (r < 0 && op->call != EXO_SYS_frame_take)
		blame("it failed, and something has changed", op, r);
	if ((wrong = tlb_check()) || (wrong = live(&ex.world, op)) || (wrong = view(&seen)) ||
	    (wrong = check(&seen)) || (wrong = spec(&model, op, r, &seen)))
		blame(wrong, op, r);
	ex.world = seen;
	return true;
}

static const struct plan *plan(void)
{
	static const struct plan *const all[] = {
		&plan_envs, &plan_caps, &plan_revoke, &plan_accounts, &plan_seize,
		&plan_gone, &plan_maps, &plan_large,  &plan_stale,    &plan_ranges};
	const char *name = getenv("PLAN");

	for (size_t i = 0; name && i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return &plan_envs;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	static bool begun;
	struct op op;

	if (!begun && start(plan())) {
		fprintf(stderr, "the plan does not begin\n");
		abort();
	}
	begun = true;
	hw_wrong = NULL;
	tlb_none();
	hw_put_back(ex.first);
	ex.world = ex.start;
	for (int i = 0; i < 40 && in.at < in.end; i++) {
		decode(&in, &op);
		if (op.env < shape.homes && op_possible(&ex.world, &op) && !one(&op))
			break;
	}
	return 0;
}
