/* ranges.c - every argument of every call with what it must not be, every range at its borders.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define PAGE     EXO_PAGE_SIZE
#define ABOVE    0xffffffffffffffff
#define TOP      (1ull << 63)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define POOL     16
#define FULL     (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define SLICE_NS 1000000
#define SLOTS    0x1000000 /* a result: the first of a page of slots */

/* What an argument is, and so what it may not be. */
enum class {
	ANY, /* whatever it is, the call works or says what is wrong */
	SLOT,
	TO, /* a slot to be filled */
	FRAME,
	ADDRESS,
	INDEX, /* of an activation, a CPU or a slice */
	COUNTS,
	NS,
};

static const uint64_t slots[] = {0x7fffffff, 0x80000000, 0xffffffff, 0x04000001, 2048, 15};
static const uint64_t tos[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 1ul << 20, 2048};
static const uint64_t pfns[] = {0,
				1,
				0x100,
				0x101,
				0xa0,
				0xfee00,
				1ul << 32,
				1ul << 40,
				1ul << 52,
				(1ul << 52) - 1,
				TOP,
				TOP - 1,
				ABOVE,
				ABOVE - 1,
				ABOVE - 511,
				0xffff800000000,
				0xffff800000100};
static const uint64_t addresses[] = {0,
				     8,
				     EXO_VA_TOP,
				     EXO_VA_TOP - 8,
				     EXO_VA_TABLES,
				     0x7fffffffffff,
				     0x800000000000,
				     TOP,
				     0xffff7fffffffffff,
				     0xffff800000000000,
				     0xffff800000100000,
				     0xffffffff80000000,
				     0xffffffffc0200000,
				     ABOVE - 31,
				     ABOVE};
static const uint64_t indices[] = {EXO_SLICE_MAX, EXO_SLICE_MAX + 1, 255,        256,
				   1000,          0x7fffffff,        0x80000000, ~0u};
static const uint64_t counts[] = {0, 33, 0x7fffffff, 0x80000000, 0xffffffff};
static const uint64_t times[] = {1, 9999, 1000000001, TOP, ABOVE};

static const struct {
	const uint64_t *value;
	size_t n;
} bad[] = {
	[ANY] = {NULL, 0},
	[SLOT] = {slots, COUNT(slots)},
	[TO] = {tos, COUNT(tos)},
	[FRAME] = {pfns, COUNT(pfns)},
	[ADDRESS] = {addresses, COUNT(addresses)},
	[INDEX] = {indices, COUNT(indices)},
	[COUNTS] = {counts, COUNT(counts)},
	[NS] = {times, COUNT(times)},
};

struct call {
	const char *name;
	uint64_t nr;
	uint64_t good[6];
	enum class is[6];
	long result; /* with the good arguments */
};

/* One argument after the other gets each value it must not have; at the end the call is made as it
 * should be, which shows that nothing has changed and that nothing else was wrong. */
static void spoil(const struct call *c)
{
	uint64_t a[6];
	long r;

	for (int i = 0; i < 6; i++)
		for (size_t n = 0; n < bad[c->is[i]].n; n++) {
			memcpy(a, c->good, sizeof(a));
			a[i] = bad[c->is[i]].value[n];
			r = exo_syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
			if (r >= 0)
				kt_printf("# %s: argument %d is %lx\n", c->name, i, a[i]);
			KT_OK(r < 0 && r >= -EXO_E_TIME);
		}
	memcpy(a, c->good, sizeof(a));
	r = exo_syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (!KT_OK(c->result == SLOTS ? r > 0 && r % EXO_CAP_SLOTS == 0 : r == c->result))
		kt_printf("# %s\n", c->name);
}

#define CALL(call) #call, EXO_SYS_##call

static void every_argument(void)
{
	exo_pfn_t f = kt_frames(POOL), act = f + POOL - 2;
	exo_cap_t pool = kt_slot(), to[5], none = EXO_SLOT_NONE;
	struct exo_map_op op = {.va = kt_va_tables(1),
				.pfn = f + 9,
				.count = 1,
				.cap = EXO_SLOT_MEMORY,
				.kind = EXO_MAP_PAGES,
				.prot = KT_RW};

	for (size_t i = 0; i < COUNT(to); i++)
		to[i] = kt_slot();
	KT_EQ(kt_map(op.va, act, 1, KT_RW), 0);
	*(uint32_t *)op.va = xo_self()->version;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 1), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, pool, f, POOL, FULL), 0);
	const struct call calls[] = {
		{CALL(cap_derive),
		 {pool, none, to[0], f, 4, 1},
		 {SLOT, SLOT, TO, FRAME, ANY, ANY},
		 0},
		{CALL(cap_charge),
		 {pool, EXO_SLOT_ACCOUNT, to[1], f, 4, 1},
		 {SLOT, SLOT, TO, FRAME, ANY, ANY},
		 0},
		{CALL(frame_alloc), {pool, f, 1}, {SLOT, FRAME, ANY}, 1},
		{CALL(frame_take), {pool, f, 1}, {SLOT, FRAME, ANY}, 0},
		{CALL(frame_free), {pool, f, 1}, {SLOT, FRAME, ANY}, 0},
		{CALL(account_create),
		 {pool, f + 1, EXO_SLOT_ACCOUNT, to[2], 0, 0},
		 {SLOT, FRAME, SLOT, TO, ANY, ANY},
		 0},
		{CALL(account_limit), {to[2], 0}, {SLOT, ANY}, 0},
		{CALL(account_destroy), {to[2]}, {SLOT}, 0},
		{CALL(map), {none, (uint64_t)&op, 1}, {SLOT, ADDRESS, COUNTS}, 1},
		{CALL(env_create),
		 {pool, f + 2, f + 3, f + 4, to[3], 0},
		 {SLOT, FRAME, FRAME, FRAME, TO, ANY},
		 0},
		{CALL(env_status), {to[3]}, {SLOT}, 0},
		{CALL(account_open), {EXO_SLOT_ACCOUNT, f + 2, to[4]}, {SLOT, FRAME, TO}, 0},
		{CALL(object_copy), {pool, f + 3, f + 9}, {SLOT, FRAME, FRAME}, 0},
		{CALL(cap_derive),
		 {pool, to[3], 2, f, POOL, FULL},
		 {SLOT, SLOT, ANY, FRAME, ANY, ANY},
		 0},
		{CALL(cap_derive),
		 {pool, to[3], 3, act, 2, FULL},
		 {SLOT, SLOT, ANY, FRAME, ANY, ANY},
		 0},
		{CALL(activation_bind), {to[3], 0, 3, act, 0}, {SLOT, INDEX, SLOT, FRAME, ANY}, 0},
		{CALL(notify), {to[3], 0, 1}, {SLOT, INDEX, ANY}, 0},
		{CALL(slice_bind),
		 {EXO_SLOT_CPU, 0, 9, none, 0, SLICE_NS},
		 {SLOT, INDEX, INDEX, SLOT, INDEX, NS},
		 0},
		{CALL(slice_bind),
		 {EXO_SLOT_CPU, 0, 9, none, 0, 0},
		 {SLOT, INDEX, INDEX, SLOT, INDEX, NS},
		 0},
		{CALL(call), {to[3], 0, 0, 0, 0, 0}, {SLOT, ANY, ANY, ANY, ANY, ANY}, -EXO_E_BUSY},
		{CALL(yield), {to[3], 0}, {SLOT, INDEX}, 0},
		{CALL(sleep), {0, 1, to[3], 0}, {ANY, ANY, SLOT, INDEX}, 0},
		{CALL(alarm), {0}, {ANY}, 0},
		{CALL(env_stop), {to[3], 7}, {SLOT, ANY}, 0},
		{CALL(cap_revoke), {to[0]}, {SLOT}, 0},
		{CALL(console_kick), {EXO_SLOT_CONSOLE}, {SLOT}, 0},
		{CALL(machine), {EXO_SLOT_MACHINE, 2, 0}, {SLOT, COUNTS, ANY}, -EXO_E_INVAL},
		{CALL(cap_drop), {to[0]}, {SLOT}, 0},
	};
	for (size_t i = 0; i < COUNT(calls); i++) {
		/* machine with how = 0 would be the end */
		if (calls[i].nr == EXO_SYS_machine)
			KT_ERR(exo_machine(EXO_SLOT_CPU, 0, 0), CAP);
		else
			spoil(&calls[i]);
	}
	KT_EQ(kt_unmap(op.va, 1), 0);
	while (exo_env_destroy(to[3]) == 1)
		;
	spoil(&(struct call){CALL(cap_grow), {pool, f + 5}, {SLOT, FRAME}, SLOTS});
	for (int i = 1; i < 4; i += i)
		while (exo_cap_drop(to[i]) == 1)
			;
}

/* Is [first, first + n) within [from, from + of), with nothing wrapping? */
static bool within(uint64_t first, uint64_t n, uint64_t from, uint64_t of)
{
	unsigned __int128 end = (unsigned __int128)first + n;

	return first >= from && end <= (unsigned __int128)from + of;
}

/* Ranges that end beyond 2^64, or where the slot's does or begins: every pair of borders, in
 * every call that has a range. */
static void wrapping(void)
{
	exo_pfn_t f = kt_frames(POOL);
	const uint64_t first[] = {0,           1,
				  f - 1,       f,
				  f + 1,       f + POOL - 1,
				  f + POOL,    f + POOL + 1,
				  1ull << 52,  TOP - 1,
				  TOP,         ABOVE - f,
				  ABOVE - 511, ABOVE - 1,
				  ABOVE};
	const uint64_t n[] = {0,          1,         2,
			      POOL - 1,   POOL,      POOL + 1,
			      128,        512,       513,
			      1ull << 32, TOP - 1,   TOP,
			      TOP + 1,    ABOVE - f, ABOVE - f + 1,
			      0 - f,      0 - f + 1, 0 - f + POOL,
			      ABOVE};
	exo_cap_t pool = kt_slot(), to = kt_slot();
	uint64_t wrong = 0;

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, pool, f, POOL, FULL), 0);
	for (size_t i = 0; i < COUNT(first); i++)
		for (size_t j = 0; j < COUNT(n); j++) {
			bool in = n[j] && within(first[i], n[j], f, POOL);
			/* alloc looks at no more than it may take at once */
			uint64_t most = n[j] < EXO_RUN_MAX ? n[j] : EXO_RUN_MAX;
			long r = exo_cap_derive(pool, EXO_SLOT_NONE, to, first[i], n[j], 1);

			wrong += r != (in ? 0 : -EXO_E_CAP);
			if (!r)
				wrong += exo_cap_drop(to) != 0;
			r = exo_cap_charge(pool, EXO_SLOT_ACCOUNT, to, first[i], n[j], 1);
			wrong += r != (in ? 0 : -EXO_E_CAP);
			if (!r)
				wrong += exo_cap_drop(to) != 0;
			r = exo_frame_free(pool, first[i], n[j]);
			wrong += in ? r != 0 : r != -EXO_E_CAP && r != -EXO_E_INVAL;
			if (!r)
				wrong += exo_frame_alloc(pool, first[i], n[j]) != (long)n[j];
			r = exo_frame_alloc(pool, first[i], n[j]);
			in = n[j] && within(first[i], most, f, POOL);
			wrong += in ? r != -EXO_E_TAKEN : r != -EXO_E_CAP && r != -EXO_E_INVAL;
			r = exo_frame_take(pool, first[i], n[j]);
			in = n[j] && n[j] <= EXO_TAKE_MAX && within(first[i], n[j], f, POOL);
			wrong += in ? r != 0 : r != -EXO_E_CAP && r != -EXO_E_INVAL;
			if (wrong) {
				kt_printf("# first %lx, count %lx\n", first[i], n[j]);
				KT_EQ(wrong, 0);
				wrong = 0;
			}
		}
	while (exo_cap_drop(pool) == 1)
		;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, POOL), 0);
}

/* The same of a map operation's frames and addresses, of an activation's two frames, of CPUs. */
static void wrapping_more(void)
{
	exo_pfn_t f = kt_frames(POOL);
	exo_va_t va = kt_va_tables(64);
	exo_cap_t pool = kt_slot(), cpus = kt_slot(), to = kt_slot();
	const uint64_t first[] = {0,          f - 1, f,          f + POOL - 1, f + POOL, 1ull << 40,
				  1ull << 52, TOP,   ABOVE - 63, ABOVE - 1,    ABOVE};
	const uint32_t n[] = {1, 2, POOL - 1, POOL, POOL + 1, 64};
	const uint64_t vas[] = {EXO_VA_TOP - PAGE,
				EXO_VA_TOP - 64 * PAGE,
				ABOVE - PAGE + 1,
				ABOVE - 64 * PAGE + 1,
				TOP,
				0x800000000000 - PAGE};

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, pool, f, POOL, FULL), 0);
	for (size_t i = 0; i < COUNT(first); i++) {
		for (size_t j = 0; j < COUNT(n); j++) {
			long r = kt_op(EXO_MAP_PAGES, va, first[i], n[j], EXO_PROT_READ, pool);

			KT_EQ(r, within(first[i], n[j], f, POOL) ? 0 : -EXO_E_CAP);
			if (!r)
				KT_EQ(kt_unmap(va, n[j]), 0);
		}
		if (!within(first[i], 2, f, POOL))
			KT_ERR(exo_activation_bind(EXO_SLOT_NONE, 9, pool, first[i], 0), CAP);
		if (!within(first[i], 512, f, POOL))
			KT_OK(kt_op(EXO_MAP_LARGE, va + (1ul << 30), first[i] & -512ul, 1, KT_RW,
				    pool) < 0);
	}
	for (size_t i = 0; i < COUNT(vas); i++)
		for (uint8_t kind = EXO_MAP_PAGES; kind <= EXO_MAP_PROTECT; kind++)
			if (kind != EXO_MAP_LARGE)
				KT_ERR(kt_op(kind, vas[i], f, 65 - (vas[i] == EXO_VA_TOP - PAGE),
					     EXO_PROT_READ, pool),
				       INVAL);
	while (exo_cap_drop(pool) == 1)
		;
	KT_EQ(exo_cap_derive(EXO_SLOT_CPU, EXO_SLOT_NONE, cpus, 0, 1, 0x81), 0);
	for (size_t i = 0; i < COUNT(first); i++)
		if (first[i]) {
			KT_ERR(exo_cap_derive(cpus, EXO_SLOT_NONE, to, first[i], 1, 1), CAP);
			KT_ERR(exo_cap_derive(cpus, EXO_SLOT_NONE, to, 0, first[i] + 1, 1), CAP);
			KT_OK(exo_slice_bind(cpus, (uint32_t)first[i] | 64, 9, EXO_SLOT_NONE, 0,
					     SLICE_NS) < 0);
		}
	KT_EQ(exo_cap_drop(cpus), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, POOL), 0);
}

const struct ktest ktests[] = {
	{"every-argument-of-every-call", every_argument, 1},
	{"wrapping-ranges", wrapping, 1},
	{"wrapping-ranges-elsewhere", wrapping_more, 1},
	{NULL, NULL, 0},
};
