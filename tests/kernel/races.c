/* races.c - what changes under the kernel's hands: another CPU rewrites, remaps, unmaps and frees
 * what a call is about.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/version.h>

#define PAGE       EXO_PAGE_SIZE
#define PAGE_FAULT 14
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))
#define KERNEL_PFN 0x100
#define FULL       (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
/* At more CPUs than the two that meet here, and with other page tables, there is little new. */
#define ROUNDS  (kt_cpus() > 2 || xo_info->features & EXO_FEATURE_SEPARATE ? 400 : 1500)
#define MOST_NS (10000 * KT_NS_PER_MS)

/* One other CPU runs `fn` again and again while it is not NULL. */
static void (*volatile fn)(void);
static uint32_t entered, started, left;

static void other(void *arg)
{
	(void)arg;
	for (;;) {
		void (*f)(void);

		__atomic_fetch_add(&entered, 1, __ATOMIC_SEQ_CST);
		f = fn;
		if (f) {
			__atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
			f();
		} else {
			kt_pause();
		}
		__atomic_fetch_add(&left, 1, __ATOMIC_SEQ_CST);
	}
}

static void begin(void (*f)(void))
{
	uint32_t before = started;

	fn = f;
	KT_OK(kt_reaches(&started, before + 1));
}

static void end(void)
{
	fn = NULL;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	/* Whoever enters from here on finds nothing to do. */
	if (!KT_OK(kt_reaches(&left, __atomic_load_n(&entered, __ATOMIC_SEQ_CST))))
		kt_exit(1); /* it is lost: nothing after this makes sense */
}

/* Is there another round?  Fewer on a host so busy that each waits for the other CPU's turn; but
 * what has to happen at all is waited for. */
static exo_ns_t begun;

static bool again(int i, int rounds)
{
	if (!i)
		begun = xo_now();
	return i < rounds && xo_now() - begun < MOST_NS;
}

static bool lacks(bool what)
{
	return what && xo_now() - begun < 10 * MOST_NS;
}

static void start(void)
{
	KT_EQ(kt_start_cpu(1, other, NULL), 0);
}

/* Operations that are harmless when the kernel looks and are not a moment later. */
static struct exo_map_op *ops;
static exo_pfn_t good_pfn;
static exo_va_t good_va;

static void rewrite(void)
{
	static const struct {
		exo_va_t va;
		exo_pfn_t pfn;
		uint32_t count;
		exo_cap_t cap;
		uint8_t kind, prot;
	} evil[] = {
		{0, KERNEL_PFN, 1, EXO_SLOT_MEMORY, EXO_MAP_PAGES, KT_RW},
		{0xffffffff80000000, 0, 1, EXO_SLOT_MEMORY, EXO_MAP_PAGES, KT_RW},
		{EXO_VA_TABLES, 0, 1, EXO_SLOT_MEMORY, EXO_MAP_PAGES, KT_RW},
		{0, 0, 0xffffffff, EXO_SLOT_MEMORY, EXO_MAP_PAGES, KT_RW},
		{0, 0, 1, 0xffffffff, EXO_MAP_PAGES, KT_RW},
		{0, KERNEL_PFN, 1, EXO_SLOT_MEMORY, EXO_MAP_TABLE, KT_RW},
		{0, 0, 1, EXO_SLOT_MEMORY, EXO_MAP_PAGES, 7},
		{0, ~0ull, 1, EXO_SLOT_MEMORY, EXO_MAP_PAGES, KT_RW},
	};

	for (size_t e = 0; e < COUNT(evil); e++)
		for (int i = 0; i < EXO_BATCH_MAX; i++) {
			volatile struct exo_map_op *op = &ops[i];

			op->pfn = evil[e].pfn ? evil[e].pfn : good_pfn;
			op->va = evil[e].va ? evil[e].va : good_va + i * PAGE;
			op->count = evil[e].count;
			op->cap = evil[e].cap;
			op->kind = evil[e].kind;
			op->prot = evil[e].prot;
			op->pfn = good_pfn;
			op->va = good_va + i * PAGE;
			op->count = 1;
			op->cap = EXO_SLOT_MEMORY;
			op->kind = EXO_MAP_PAGES;
			op->prot = KT_RW;
		}
}

/* Is what is mapped there only what may be? */
static uint64_t not_ours(void)
{
	uint64_t bad = 0;

	for (int i = 0; i < EXO_BATCH_MAX; i++) {
		uint64_t e = xo_entry(good_va + i * PAGE);

		bad += e && (e & EXO_PTE_FRAME) / PAGE != good_pfn;
		bad += e && e & EXO_PTE_WRITE && !(e & EXO_PTE_NOEXEC);
	}
	return bad;
}

static void rewritten(void)
{
	uint64_t bad = 0;

	ops = kt_pages(1);
	good_pfn = kt_frame();
	good_va = kt_va_tables(EXO_BATCH_MAX);
	begin(rewrite);
	for (int i = 0; again(i, ROUNDS); i++) {
		exo_map(EXO_SLOT_NONE, (exo_va_t)ops, EXO_BATCH_MAX);
		bad += not_ours();
	}
	end();
	KT_EQ(bad, 0);
	KT_EQ(kt_unmap(good_va, EXO_BATCH_MAX), 0);
}

/* The page with the operations is unmapped, mapped read only, and shows another frame. */
static exo_pfn_t pages[2];
static exo_va_t buffer;

static void remap(void)
{
	kt_op(EXO_MAP_REMOVE, buffer, 0, 1, EXO_PROT_READ, 0);
	kt_op(EXO_MAP_PAGES, buffer, pages[1], 1, EXO_PROT_READ, EXO_SLOT_MEMORY);
	kt_op(EXO_MAP_PAGES, buffer, pages[0], 1, KT_RW, EXO_SLOT_MEMORY);
}

static void remapped(void)
{
	uint64_t bad = 0, done = 0, refused = 0;

	buffer = kt_va_tables(1);
	for (int i = 0; i < 2; i++) {
		pages[i] = kt_frame();
		KT_EQ(kt_map(buffer, pages[i], 1, KT_RW), 0);
		for (int n = 0; n < EXO_BATCH_MAX; n++)
			((struct exo_map_op *)buffer)[n] =
				(struct exo_map_op){.va = good_va + n * PAGE,
						    .pfn = good_pfn,
						    .count = 1,
						    .cap = i ? EXO_SLOT_CPU : EXO_SLOT_MEMORY,
						    .kind = EXO_MAP_PAGES,
						    .prot = KT_RW};
	}
	begin(remap);
	for (int i = 0; again(i, ROUNDS) || lacks(!done || !refused); i++) {
		long r = exo_map(EXO_SLOT_NONE, buffer, EXO_BATCH_MAX);

		done += r == EXO_BATCH_MAX;
		refused += r == -EXO_E_FAULT || r == -EXO_E_CAP;
		bad += r != EXO_BATCH_MAX && r != -EXO_E_FAULT && r != -EXO_E_CAP;
		bad += not_ours();
	}
	end();
	KT_EQ(bad, 0);
	KT_OK(done && refused); /* else they never met */
	KT_EQ(kt_unmap(good_va, EXO_BATCH_MAX), 0);
	KT_EQ(kt_unmap(buffer, 1), 0);
}

/* An activation that another CPU scribbles over while its owner takes upcalls, sleeps and is made
 * to leave: the owner may end, nobody else notices. */
static struct exo_activation *victim;

static void scribble(void)
{
	static uint64_t seed = 88172645463325252;
	static const uint64_t rubbish[] = {
		0, 1, 8, 0x800000000000, 0xffff800000100000, ~0ull, EXO_VA_TOP, 0xffffffff80000000};
	volatile uint64_t *words = (volatile uint64_t *)victim;

	for (int i = 0; i < 64; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		words[seed >> 33 & 511] = rubbish[seed >> 50 & 7];
		words[512 + (seed >> 40 & 127)] = seed; /* and its vector state */
	}
}

static volatile uint32_t alive;

static void child_busy(void *arg)
{
	(void)arg;
	for (;;) {
		xo_self()->want = EXO_WANT_EVENT | EXO_WANT_SLICE_BEGIN | EXO_WANT_SLICE_END;
		xo_self()->event = 0;
		exo_notify(EXO_SLOT_NONE, 0, 1);
		exo_sleep(2, xo_now() + 1000, EXO_SLOT_NONE, 0);
		exo_yield(EXO_SLOT_NONE, 0);
		alive++;
	}
}

static void scribbled(void)
{
	static struct kt_child c;

	for (int i = 0; again(i, ROUNDS / 25); i++) {
		exo_ns_t until;

		KT_OK(kt_child_make(&c, child_busy, NULL));
		alive = 0;
		KT_EQ(kt_child_start(&c, 0, 1), 0);
		for (int n = 0; n < 100 && !alive; n++)
			exo_yield(EXO_SLOT_NONE, 0);
		victim = c.act;
		begin(scribble);
		for (until = xo_now() + 2 * KT_NS_PER_MS;
		     !exo_env_status(c.slot) && xo_now() < until;)
			exo_yield(EXO_SLOT_NONE, 0);
		end();
		kt_child_end(&c);
	}
}

/* The other CPU maps and unmaps a frame, and writes while it is mapped; here it is given back
 * whenever that is possible: once it is, nobody writes there any more. */
static exo_pfn_t contested;
static exo_va_t there;
static volatile uint64_t written;

static void write_there(void *arg)
{
	(void)arg;
	for (int i = 0; i < 200; i++) {
		*(volatile uint64_t *)there = ++written;
		if (i == 100)
			kt_op(EXO_MAP_REMOVE, there, 0, 1, EXO_PROT_READ, 0);
	}
}

static void map_and_write(void)
{
	if (!kt_op(EXO_MAP_PAGES, there, contested, 1, KT_RW, EXO_SLOT_MEMORY))
		kt_try(write_there, NULL);
}

static void freed_while_mapped(void)
{
	exo_va_t here = kt_va_tables(1);
	uint64_t freed = 0, bad = 0;
	exo_cap_t account = kt_slot(), frames = kt_slot();

	contested = kt_frame();
	there = kt_va_tables(1);
	/* Whoever takes it next is of another account, so that it comes cleared. */
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, kt_frame(), EXO_SLOT_ACCOUNT, account, ~0ull, 0),
	      0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, contested, 1, FULL), 0);
	begin(map_and_write);
	for (int i = 0; (again(i, 200 * ROUNDS) && freed < 300) || lacks(!freed || !written); i++) {
		if (exo_frame_free(EXO_SLOT_MEMORY, contested, 1))
			continue;
		freed++;
		bad += exo_frame_alloc(frames, contested, 1) != 1;
		bad += kt_op(EXO_MAP_PAGES, here, contested, 1, EXO_PROT_READ, frames) != 0;
		for (int n = 0; n < 50; n++)
			bad += *(volatile uint64_t *)here != 0;
		bad += kt_op(EXO_MAP_REMOVE, here, 0, 1, EXO_PROT_READ, 0) != 0;
		bad += exo_frame_free(frames, contested, 1) != 0;
		bad += exo_frame_alloc(EXO_SLOT_MEMORY, contested, 1) != 1;
	}
	end();
	KT_EQ(bad, 0);
	KT_OK(freed > 0 && written > 0);
	kt_unmap(there, 1);
	while (exo_cap_drop(frames) == 1)
		;
	KT_EQ(exo_account_destroy(account), 0);
}

/* Protection changed here, written there: after each change to read-only nothing changes. */
static void keep_writing(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++)
		*(volatile uint64_t *)there = ++written;
}

static void write_until_fault(void)
{
	kt_try(keep_writing, NULL);
}

static void protected_while_written(void)
{
	exo_pfn_t f = kt_frame();
	uint64_t bad = 0, changed = 0, before;

	there = kt_va_tables(1);
	KT_EQ(kt_map(there, f, 1, KT_RW), 0);
	begin(write_until_fault);
	for (int i = 0; again(i, ROUNDS * 2 / 5) || lacks(changed <= 10); i++) {
		KT_EQ(kt_op(EXO_MAP_PROTECT, there, 0, 1, EXO_PROT_READ, EXO_SLOT_MEMORY), 0);
		before = *(volatile uint64_t *)there;
		for (int n = 0; n < 200; n++)
			bad += *(volatile uint64_t *)there != before;
		KT_EQ(kt_op(EXO_MAP_PROTECT, there, 0, 1, KT_RW, EXO_SLOT_MEMORY), 0);
		for (int n = 0; n < 2000 && *(volatile uint64_t *)there == before; n++)
			kt_pause();
		changed += *(volatile uint64_t *)there != before;
	}
	end();
	KT_EQ(bad, 0);
	KT_OK(changed > 10);
	KT_EQ(kt_unmap(there, 1), 0);
}

/* Slots that are emptied here while they are used there: derived from, mapped under, granted. */
static exo_cap_t shaky, shaky_child;

static void use_shaky(void)
{
	exo_cap_derive(shaky, EXO_SLOT_NONE, shaky_child, contested, 1, EXO_RIGHT_READ);
	kt_op(EXO_MAP_PAGES, there, contested, 1, EXO_PROT_READ, shaky);
	kt_op(EXO_MAP_PAGES, there + PAGE, contested, 1, EXO_PROT_READ, shaky_child);
	exo_cap_drop(shaky_child);
}

static void dropped_while_used(void)
{
	uint64_t bad = 0;

	shaky = kt_slot();
	shaky_child = kt_slot();
	contested = kt_frame();
	there = kt_va_tables(2);
	begin(use_shaky);
	for (int i = 0; again(i, ROUNDS / 10); i++) {
		long r = exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, shaky, contested, 1, FULL);

		KT_EQ(r, 0);
		for (int n = 0; n < i % 7 * 50; n++)
			kt_pause();
		while (exo_cap_revoke(shaky) == 1)
			;
		while (exo_cap_drop(shaky) == 1)
			;
		/* What hung below it hangs below MEMORY now, or is gone; under itself nothing is.
		 */
		bad += xo_entry(there) != 0;
	}
	end();
	while (exo_cap_drop(shaky_child) == 1)
		;
	KT_EQ(bad, 0);
	KT_EQ(xo_entry(there + PAGE), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, contested, 1), 0);
}

/* A victim of another account runs on the other CPU, with a critical section and a fault handler
 * that tries everything again: it is stopped, its frames are taken and used, and nothing of it
 * shows. */
static struct {
	exo_va_t va;
	exo_pfn_t first;
	volatile uint32_t beats;
} taken;

#define TAKEN      8
#define CHILD_SLOT 40

static bool never_gives_up(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)f;
	if (kind != EXO_UP_EXCEPTION + PAGE_FAULT)
		return kind < EXO_UP_EXCEPTION;
	for (uint64_t i = 0; i < TAKEN; i++)
		kt_op(EXO_MAP_PAGES, addr & -(uint64_t)PAGE, taken.first + i, 1, KT_RW, CHILD_SLOT);
	return true;
}

static void child_ignores(void *arg)
{
	(void)arg;
	xo_self()->critical = 1;
	for (uint64_t i = 0;; i++) {
		*(volatile uint64_t *)(taken.va + i % TAKEN * PAGE + 8) = i | 1;
		taken.beats++;
	}
}

static void stop_and_take(void)
{
	static struct kt_child c;
	exo_cap_t account = kt_slot(), frames = kt_slot();
	exo_va_t here = kt_va_tables(TAKEN);
	uint64_t bad = 0;

	fn = NULL;
	taken.first = kt_frames(TAKEN);
	taken.va = kt_va_tables(TAKEN);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, taken.first, TAKEN), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, kt_frame(), EXO_SLOT_ACCOUNT, account, ~0ull, 0),
	      0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, frames, taken.first, TAKEN, FULL), 0);
	kt_hook = never_gives_up;
	for (int round = 0; again(round, ROUNDS / 75); round++) {
		struct xo_space space = kt_space;

		KT_OK(kt_child_make(&c, child_ignores, NULL));
		space.env = c.slot;
		KT_EQ(exo_frame_alloc(frames, taken.first, TAKEN), TAKEN);
		KT_EQ(exo_cap_derive(frames, c.slot, CHILD_SLOT, taken.first, TAKEN, FULL), 0);
		KT_EQ(xo_map_run(&space, taken.va, taken.first, TAKEN, KT_RW, CHILD_SLOT), 0);
		taken.beats = 0;
		KT_EQ(kt_child_start(&c, 1, 2), 0);
		KT_OK(kt_reaches((const uint32_t *)&taken.beats, 100));
		/* Every other time it is stopped first, else it runs on without them. */
		if (round % 2)
			KT_EQ(exo_env_stop(c.slot, 0), 0);
		while (exo_frame_take(EXO_SLOT_MEMORY, taken.first, TAKEN) == 1)
			;
		KT_EQ(kt_map(here, taken.first, TAKEN, KT_RW), 0);
		memset((void *)here, 0, TAKEN * PAGE);
		for (int n = 0; n < 2000; n++)
			for (int i = 0; i < TAKEN; i++)
				bad += *(volatile uint64_t *)(here + i * PAGE + 8) != 0;
		KT_EQ(kt_unmap(here, TAKEN), 0);
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, taken.first, TAKEN), 0);
		kt_child_end(&c);
	}
	KT_EQ(bad, 0);
	while (exo_cap_drop(frames) == 1)
		;
	KT_EQ(exo_account_destroy(account), 0);
}

/* A host is stopped from another CPU on its way into lending its time: its guest is not bound to
 * the dead, and can be somebody else's. */
static volatile uint32_t lent;

static void child_lends(void *arg)
{
	(void)arg;
	for (;;) {
		lent++;
		exo_sleep(0, xo_now() + KT_NS_PER_MS, CHILD_SLOT, 0);
	}
}

static void child_gives_back(void *arg)
{
	(void)arg;
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

static void stopped_lending(void)
{
	static struct kt_child host, guest;
	struct exo_map_op many[EXO_BATCH_MAX];
	exo_pfn_t f = kt_frame();
	exo_ns_t until;
	long r;

	fn = NULL;
	good_va = kt_va_tables(EXO_BATCH_MAX);
	for (int i = 0; i < EXO_BATCH_MAX; i++)
		many[i] = (struct exo_map_op){.va = good_va + i * PAGE,
					      .pfn = f,
					      .count = 1,
					      .cap = EXO_SLOT_MEMORY,
					      .kind = EXO_MAP_PAGES,
					      .prot = KT_RW};
	KT_OK(kt_child_make(&guest, child_gives_back, NULL));
	KT_EQ(exo_activation_bind(guest.slot, 0, EXO_SLOT_MEMORY, guest.act_pfn,
				  (uint64_t)&guest.begin),
	      0);
	for (int i = 0; again(i, ROUNDS * 2 / 25); i++) {
		KT_OK(kt_child_make(&host, child_lends, NULL));
		KT_EQ(exo_cap_derive(guest.slot, host.slot, CHILD_SLOT, 0, 0, EXO_RIGHT_YIELD), 0);
		lent = 0;
		KT_EQ(kt_child_start(&host, 1, 2), 0);
		KT_OK(kt_reaches((const uint32_t *)&lent, 3));
		/* It waits for this to end, or comes just then. */
		for (int n = 0; n < i % 8 + 1; n++)
			exo_map(EXO_SLOT_NONE, (exo_va_t)many, EXO_BATCH_MAX);
		KT_EQ(exo_env_stop(host.slot, 0), 0);
		kt_child_end(&host);
		/* for a moment its vector registers may still be over there */
		until = xo_now() + 60000 * KT_NS_PER_MS;
		do
			r = exo_sleep(0, 0, guest.slot, 0);
		while (r == -EXO_E_STATE && xo_now() < until);
		if (!KT_EQ(r, EXO_SLEPT_GUEST))
			break;
	}
	kt_child_end(&guest);
}

const struct ktest ktests[] = {
	{"start", start, 2},
	{"operations-rewritten-during-map", rewritten, 2},
	{"operations-remapped-during-map", remapped, 2},
	{"activation-rewritten-while-it-runs", scribbled, 2},
	{"frame-freed-while-mapped-elsewhere", freed_while_mapped, 2},
	{"protected-while-written", protected_while_written, 2},
	{"slot-dropped-while-used", dropped_while_used, 2},
	{"stop-and-take-on-another-cpu", stop_and_take, 2},
	{"stopped-while-it-lends", stopped_lending, 2},
	{NULL, NULL, 0},
};
