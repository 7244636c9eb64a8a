/* ledger.c - visible revocation: asked with a deadline, given back, or taken by force.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The parent is who gave, a child on the last CPU who is asked.  They share the program's memory,
 * but the frames in question are of an account of the child's own.
 */
#include "ktest.h"

#include <libexo/ledger.h>

#define PAGE        EXO_PAGE_SIZE
#define FULL        (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define CHILD_SLOT  40
#define FRAMES      24 /* of the account */
#define USED        8  /* of them mapped by the child, from the first on */
#define DEADLINE_NS (5 * KT_NS_PER_MS)
#define PATIENCE_NS (20000 * KT_NS_PER_MS)

static exo_pfn_t first, object;
static exo_cap_t account, theirs;
/* in the program's image, which parent and child share */
static struct xo_ledger ledger_page __attribute__((aligned(EXO_PAGE_SIZE)));
static struct xo_ledger *const ledger = &ledger_page;
static struct exo_start start_copy;
static struct kt_child child;
static uint64_t *pages; /* the child's USED pages; the parent's view: tables only */
static volatile uint32_t ready, checked, stop;
static volatile bool give_back;

static void init_ledger(void)
{
	xo_ledger_init(ledger);
	start_copy = *xo_start;
	start_copy.ledger = (exo_va_t)ledger;
	xo_start = &start_copy;
}

static void open_account(uint64_t guaranteed)
{
	account = kt_slot();
	theirs = kt_slot();
	object = kt_frame();
	first = kt_frames(FRAMES);
	pages = (uint64_t *)kt_va_tables(USED);
	init_ledger();
	ready = checked = stop = 0;
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, first, FRAMES), 0);
	KT_EQ(exo_account_create(EXO_SLOT_MEMORY, object, EXO_SLOT_ACCOUNT, account, FRAMES,
				 guaranteed),
	      0);
	KT_EQ(exo_cap_charge(EXO_SLOT_MEMORY, account, theirs, first, FRAMES, FULL), 0);
	for (uint64_t n = 0; n < FRAMES; n++)
		KT_EQ(exo_frame_alloc(theirs, first + n, 1), 1);
}

static void close_account(void)
{
	kt_child_end(&child);
	xo_start->ledger = 0;
	for (uint64_t n = 0; n < FRAMES; n++) {
		exo_frame_free(theirs, first + n, 1);
		exo_frame_free(EXO_SLOT_MEMORY, first + n, 1);
		exo_frame_alloc(EXO_SLOT_MEMORY, first + n,
				1); /* so that it forgets whose it was */
	}
	while (exo_cap_drop(theirs) == 1)
		;
	KT_EQ(exo_account_destroy(account), 0);
	KT_EQ(exo_cap_drop(account), 0);
}

static long child_map(uint32_t page, exo_pfn_t pfn)
{
	return xo_map_run(&kt_space, (exo_va_t)pages + page * PAGE, pfn, 1, KT_RW, CHILD_SLOT);
}

static exo_pfn_t spare(void *next)
{
	return (*(exo_pfn_t *)next)++;
}

static volatile uint32_t moved;

static void count_moved(void *next, exo_pfn_t from, exo_pfn_t to)
{
	(void)next, (void)from, (void)to;
	moved++;
}

static void vacate(const struct xo_ledger_request *r)
{
	static exo_pfn_t next;
	struct xo_vacate how = {.memory = CHILD_SLOT,
				.spare = spare,
				.moved = count_moved,
				.context = &next,
				.scratch = kt_va_tables(1)};

	next = first + USED;
	if (xo_ledger_vacate(r->first, r->count, &how) != r->count)
		kt_exit(3);
}

/* Keeps its pages full of numbers that only it knows, and goes on raising them. */
static void keeps_writing(void *arg)
{
	struct xo_ledger_request r;
	uint64_t turn = 1;

	(void)arg;
	for (uint32_t n = 0; n < USED; n++)
		if (child_map(n, first + n))
			kt_exit(2);
	for (; !stop; turn++) {
		for (uint32_t n = 0; n < USED; n++) {
			if (turn > 1 && pages[n * PAGE / 8] != turn - 1 + (uint64_t)n * 1000000000)
				kt_exit(4);
			pages[n * PAGE / 8] = turn + (uint64_t)n * 1000000000;
			pages[(n + 1) * PAGE / 8 - 1] = pages[n * PAGE / 8];
		}
		ready = 1;
		if (give_back && xo_ledger_asked(&r)) {
			vacate(&r);
			xo_ledger_answer(&r);
			checked = 1;
		}
	}
	kt_exit(0);
}

/* What went is found in the record, and mapped again. */
static volatile uint32_t lost, refound;

static bool find_again(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	uint32_t page = (uint32_t)((addr - (exo_va_t)pages) / PAGE);
	exo_pfn_t to;

	(void)f;
	if (kind != EXO_UP_EXCEPTION + 14 || addr - (exo_va_t)pages >= USED * PAGE)
		return false;
	for (exo_ns_t end = xo_now() + PATIENCE_NS; !xo_ledger_find(first + page, &to);)
		if (xo_now() > end) /* taken, but never noted */
			kt_exit(7);
	if (!to) {
		lost++;
		kt_exit(9);
	}
	if (child_map(page, to))
		kt_exit(8);
	refound++;
	return true;
}

static void start_child(void)
{
	KT_OK(kt_child_make(&child, keeps_writing, NULL));
	KT_EQ(exo_cap_derive(theirs, child.slot, CHILD_SLOT, first, FRAMES,
			     FULL & ~EXO_RIGHT_DERIVE),
	      0);
	KT_EQ(kt_child_start(&child, kt_cpus() - 1, 1), 0);
	KT_OK(kt_reaches((const uint32_t *)&ready, 1));
}

static void end_child(uint32_t status)
{
	stop = 1;
	KT_EQ(kt_child_wait(&child), EXO_STATUS_STOPPED | 1ull << 32 | status);
}

static uint64_t ask(exo_pfn_t from, uint64_t count)
{
	uint64_t number = xo_ledger_ask(ledger, XO_LEDGER_FRAMES, from, count,
					xo_now() + (give_back ? PATIENCE_NS : DEADLINE_NS));

	exo_notify(child.slot, 0, XO_EVENT_LEDGER);
	while (!xo_ledger_answered(ledger, number) && xo_now() < ledger->deadline)
		exo_yield(EXO_SLOT_NONE, 0);
	return number;
}

static struct xo_reclaim take(exo_pfn_t from, uint64_t count, uint64_t guaranteed)
{
	struct xo_reclaim r = {.ledger = ledger,
			       .memory = EXO_SLOT_MEMORY,
			       .theirs = theirs,
			       .scratch = kt_va_tables(2),
			       .guaranteed = guaranteed,
			       .at = from,
			       .end = from + count};

	while (xo_reclaim_step(&r))
		;
	KT_EQ(r.got + r.left, count);
	return r;
}

/* Asked, it moves its contents elsewhere and gives the frames back: no force, nothing lost. */
static void given_back(void)
{
	struct xo_reclaim r;
	uint64_t number;

	give_back = true;
	moved = 0;
	open_account(0);
	start_child();
	number = ask(first, 6);
	KT_OK(xo_ledger_answered(ledger, number));
	KT_EQ(moved, 6);
	r = take(first, 6, 0);
	KT_EQ(r.got, 6);
	KT_EQ(ledger->records, 0);
	end_child(0);
	give_back = false;
	close_account();
}

/* Not given back, they are taken while it writes to them: contents go to the places it named,
 * and it goes on there. */
static void taken_with_places(void)
{
	struct xo_reclaim r;

	open_account(0);
	kt_hook = find_again;
	refound = 0;
	for (uint32_t n = 0; n < USED; n++)
		KT_EQ(xo_ledger_place(first + n, 1, first + USED + n), 0);
	start_child();
	ask(first, USED);
	r = take(first, USED, 0);
	KT_EQ(r.got, USED);
	KT_EQ(ledger->records, 1); /* all in a row */
	KT_EQ(ledger->record[0].first, first);
	KT_EQ(ledger->record[0].count, USED);
	KT_EQ(ledger->record[0].to, first + USED);
	KT_OK(kt_reaches((const uint32_t *)&refound, USED));
	end_child(0);
	kt_hook = NULL;
	close_account();
}

/* Without a place what was in them is gone, and the record says so. */
static void taken_without_places(void)
{
	struct xo_reclaim r;

	open_account(0);
	kt_hook = find_again;
	lost = 0;
	start_child();
	ask(first + 2, 1);
	r = take(first + 2, 1, 0);
	KT_EQ(r.got, 1);
	KT_EQ(ledger->records, 1);
	KT_EQ(ledger->record[0].first, first + 2);
	KT_EQ(ledger->record[0].to, 0);
	KT_EQ(kt_child_wait(&child), EXO_STATUS_STOPPED | 1ull << 32 | 9);
	KT_EQ(lost, 1);
	kt_hook = NULL;
	close_account();
}

/* What is guaranteed stays: those that it named, and as many as were promised. */
static void guarantee_holds(void)
{
	struct xo_reclaim r;

	open_account(FRAMES - 3);
	KT_EQ(xo_ledger_keep(first, USED), 0);
	start_child();
	ask(first, FRAMES);
	r = take(first, FRAMES, FRAMES - 3);
	KT_EQ(r.got, 3);
	KT_EQ(r.left, FRAMES - 3);
	KT_OK(ledger->record[0].first >= first + USED);
	KT_EQ(ledger->record[0].count, 3);
	end_child(0);
	close_account();
}

/* A ledger full of lies: places that are not its own, counts beyond all bounds. */
static void lies(void)
{
	exo_pfn_t mine = kt_frame();
	exo_va_t va = kt_va_tables(1);
	struct xo_reclaim r;

	open_account(0);
	KT_EQ(kt_map(va, mine, 1, KT_RW), 0);
	*(uint64_t *)va = 0x1234;
	start_child();
	ledger->places = ~0ull;
	ledger->kept = ~0ull;
	for (uint32_t n = 0; n < XO_LEDGER_KEPT; n++)
		ledger->keep[n] = (struct exo_extent){~0ull - n, ~0ull};
	ledger->place[0] = (struct xo_ledger_place){first, 1, mine};
	ledger->place[1] = (struct xo_ledger_place){first + 1, 1, ~0ull};
	ledger->place[2] = (struct xo_ledger_place){first + 2, ~0ull, first + 2};
	ledger->place[3] = (struct xo_ledger_place){first + 3, 1, 1ull << 63};
	ledger->answered = ~0ull;
	ledger->records = ~0ull;
	end_child(0); /* it has given no reason to */
	r = take(first, USED, 0);
	KT_EQ(r.got, USED);
	KT_EQ(*(uint64_t *)va, 0x1234);
	KT_EQ(kt_unmap(va, 1), 0);
	close_account();
}

static volatile uint32_t beat;

static void beats(void *arg)
{
	(void)arg;
	for (;;)
		beat++;
}

/* Slices: past the deadline they are emptied, and it runs no more until it gets others. */
static void slices(void)
{
	struct xo_ledger_record record = {
		.first = EXO_SLICE_OF(kt_cpus() - 1, 1), .count = 1, .kind = XO_LEDGER_SLICES};
	struct xo_ledger_request q;
	uint32_t before;
	uint64_t number, seen = 0;

	open_account(0);
	KT_OK(kt_child_make(&child, beats, NULL));
	KT_EQ(kt_child_start(&child, kt_cpus() - 1, 1), 0);
	KT_OK(kt_reaches((const uint32_t *)&beat, beat + 1));
	number = xo_ledger_ask(ledger, XO_LEDGER_SLICES, record.first, 1, xo_now() + DEADLINE_NS);
	KT_OK(xo_ledger_asked(&q));
	KT_EQ(q.kind, XO_LEDGER_SLICES);
	KT_EQ(q.number, number);
	while (xo_now() < q.deadline)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(!xo_ledger_answered(ledger, number));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, kt_cpus() - 1, 1, child.slot, 0, 0), 0);
	xo_ledger_note(ledger, &record);
	KT_OK(xo_ledger_taken(&seen, &record));
	KT_EQ(record.kind, XO_LEDGER_SLICES);
	KT_OK(!xo_ledger_taken(&seen, &record));
	KT_OK(kt_left(kt_cpus() - 1, 1));
	before = beat;
	exo_sleep(0, xo_now() + DEADLINE_NS, EXO_SLOT_NONE, 0);
	KT_EQ(beat, before);
	KT_EQ(exo_env_status(child.slot), 0); /* nobody is killed for being slow */
	close_account();
}

static void records_go_round(void)
{
	struct xo_ledger_record record = {.kind = XO_LEDGER_FRAMES}, got;
	uint64_t seen = 0, n = 0;

	init_ledger();
	for (record.first = 0; record.first < XO_LEDGER_RECORDS + 5; record.first++)
		xo_ledger_note(ledger, &record);
	while (xo_ledger_taken(&seen, &got))
		KT_EQ(got.first, 5 + n++);
	KT_EQ(n, XO_LEDGER_RECORDS);
	for (n = 0; n < XO_LEDGER_PLACES; n++)
		KT_EQ(xo_ledger_place(n, 1, n + 1), 0);
	KT_ERR(xo_ledger_place(n, 1, 1), LIMIT);
	KT_EQ(xo_ledger_place(3, 1, 0), 0); /* nowhere: room again */
	KT_EQ(xo_ledger_place(n, 1, 1), 0);
	ledger->version++;
	KT_ERR(xo_ledger_keep(1, 1), LIMIT);
	xo_start->ledger = 0;
	KT_OK(!xo_ledger_taken(&seen, &got));
}

const struct ktest ktests[] = {
	{"ledger-given-back", given_back, 1},
	{"ledger-taken-with-places", taken_with_places, 1},
	{"ledger-taken-without-places", taken_without_places, 1},
	{"ledger-guarantee-holds", guarantee_holds, 1},
	{"ledger-lies", lies, 1},
	{"ledger-slices", slices, 1},
	{"ledger-records", records_go_round, 1},
	{NULL, NULL, 0},
};
