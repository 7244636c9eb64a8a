/* hostile.c - a bad neighbour, in the way its argument says; on libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * None of these ends by itself, unless by its own lies; with a second argument it leaves when the
 * harm is done.  Without any it does nothing.
 */
#include <exo/cap.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <libexo/call.h>
#include <libexo/start.h>
#include <libexo/steward.h>
#include <libexo/upcall.h>
#include <mini/mini.h>

#define ALL         (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define RW          (EXO_PROT_READ | EXO_PROT_WRITE)
#define BLOCK_PAGES 3 /* activation; upcall stacks, what it begins with, stack */
#define BLOCK_BEGIN 2048

static bool leaves;
static uint64_t seed = 88172645463325252;

static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

static exo_cap_t next = EXO_SLOT_FREE, end = EXO_CAP_SLOTS;

/* An empty slot; the table grows as long as there is a frame for it. */
static exo_cap_t slot(void)
{
	if (next == end && exo_cap_grow(EXO_SLOT_MEMORY, mini_frame()) > 0)
		end += EXO_CAP_SLOTS;
	return next < end ? next++ : 0;
}

static void child(void *arg)
{
	(void)arg;
	for (;;)
		exo_notify(EXO_SLOT_CONSOLE, 0, ~0ull);
}

/* Show an environment our code, and what lies at `block`. */
static bool share(exo_cap_t env, exo_va_t block, exo_pfn_t pfn)
{
	struct xo_space space = mini_space;

	space.env = env;
	if (exo_cap_derive(EXO_SLOT_MEMORY, env, EXO_SLOT_MEMORY, xo_start->ram[0].first,
			   xo_start->ram[0].count, ALL) ||
	    exo_cap_derive(EXO_SLOT_ARCHIVE, env, EXO_SLOT_ARCHIVE, xo_start->archive_pfn,
			   xo_start->archive_bytes / EXO_PAGE_SIZE,
			   EXO_RIGHT_READ | EXO_RIGHT_EXEC) ||
	    exo_cap_derive(EXO_SLOT_CONSOLE, env, EXO_SLOT_CONSOLE, 0, 0, EXO_RIGHT_NOTIFY))
		return false;
	for (exo_va_t va = (exo_va_t)__text_start & -EXO_PAGE_SIZE; va < (exo_va_t)__text_end;
	     va += EXO_PAGE_SIZE)
		if (xo_map_run(&space, va, mini_frame_at(va), 1, EXO_PROT_READ | EXO_PROT_EXEC,
			       EXO_SLOT_ARCHIVE))
			return false;
	return !xo_map_run(&space, block, pfn, BLOCK_PAGES, RW, EXO_SLOT_MEMORY);
}

/* An environment that runs child() when it is a guest: its slot, or 0. */
static exo_cap_t breed(void)
{
	exo_pfn_t object = mini_frame(), slots = mini_frame(), root = mini_frame();
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = BLOCK_PAGES});
	exo_va_t block = mini_va(BLOCK_PAGES);
	struct exo_activation *a = (struct exo_activation *)block;
	struct xo_begin *b = (struct xo_begin *)(block + 2 * EXO_PAGE_SIZE + BLOCK_BEGIN);
	exo_cap_t env = slot();

	if (!root || !pfn || !env || mini_map_pages(block, pfn, BLOCK_PAGES, RW) ||
	    exo_env_create(EXO_SLOT_MEMORY, object, slots, root, env, 0))
		return 0;
	memset(a, 0, 2 * EXO_PAGE_SIZE);
	xo_activation_init(a, 0, (char *)block + 2 * EXO_PAGE_SIZE, BLOCK_BEGIN / EXO_FRAME_DEPTH);
	*b = (struct xo_begin){
		.sp = block + BLOCK_PAGES * EXO_PAGE_SIZE, .activation = a, .fn = child};
	if (!share(env, block, pfn) ||
	    exo_activation_bind(env, 0, EXO_SLOT_MEMORY, pfn, (uint64_t)b))
		return 0;
	return env;
}

/* Environments without end; all of them run, and each disturbs whom it can. */
static void bomb(void)
{
	exo_cap_t first = next, last;
	uint32_t n = 0;
	long slept = 0;

	while (breed())
		n++;
	last = next;
	mini_printf("%s environments\n", n > 20 ? "many" : "few");
	while (!leaves || slept < 40)
		for (exo_cap_t env = first; env < last; env++) {
			long r = exo_sleep(0, mini_now() + 20000, env, 0);

			if (r == EXO_SLEPT_TIME && ++slept == 20)
				mini_printf("they run\n");
			exo_slice_bind(EXO_SLOT_CPU, 0, env % EXO_SLICE_MAX, env, 0, 1000000);
		}
}

/* All memory, in every shape; accounts below accounts, and below each something. */
static void eat(void)
{
	exo_cap_t account = EXO_SLOT_ACCOUNT, memory = EXO_SLOT_MEMORY;
	const struct exo_extent *ram = &xo_start->ram[0];
	exo_pfn_t last = 0;

	for (int depth = 0; depth < 20; depth++) {
		exo_cap_t below = slot(), charge = slot();
		exo_pfn_t pfn = depth ? 0 : mini_frame();

		for (uint64_t i = 0; depth && i < ram->count && !pfn; i++)
			if (exo_frame_alloc(memory, ram->first + i, 1) == 1)
				pfn = ram->first + i;
		if (exo_account_create(memory, pfn, account, below, ~0ull, depth))
			break;
		if (exo_cap_charge(EXO_SLOT_MEMORY, below, charge, ram->first, ram->count, ALL))
			break;
		for (uint64_t i = depth; i < ram->count; i += 40)
			if (exo_frame_alloc(charge, ram->first + i, 3) > 0)
				last = ram->first + i;
		/* begin to take something of it back, and leave it at that */
		if (!xo_map_run(&mini_space, mini_va(1), last, 1, RW, charge))
			exo_frame_take(EXO_SLOT_MEMORY, last, 1);
		account = below;
		memory = charge;
	}
	while (exo_cap_grow(EXO_SLOT_MEMORY, mini_frame()) > 0)
		;
	while (mini_alloc(1))
		;
	while (mini_frame())
		;
	mini_printf("nothing is left\n");
	while (!leaves)
		mini_alloc(1 + any() % 64);
}

static void flood(void)
{
	for (;;)
		mini_printf("%s", any() % 4 ? "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n" : "flood");
}

/* Rings full of lies. */
static void rings(void)
{
	struct exo_console *c = (struct exo_console *)xo_start->console;

	for (;;) {
		c->out.head = (uint32_t)(any() % 3 ? c->out.tail + any() % 8192 : any());
		c->in.tail = (uint32_t)any();
		c->in.head = (uint32_t)any();
		c->out.entries = c->in.entries = (uint32_t)any();
		c->out.version = c->in.entry_size = (uint32_t)any();
		exo_notify(EXO_SLOT_CONSOLE, 0, xo_start->console_bits);
	}
}

static void kick(void)
{
	for (;;)
		exo_notify(EXO_SLOT_CONSOLE, (uint32_t)(any() % 4), any() % 2 ? ~0ull : any());
}

/* Calls to the steward, of all sorts and with anything along. */
static void calls(void)
{
	for (;;) {
		struct exo_message m = {0, {any() % 5, any() % 64, any() % 4096}};
		exo_cap_t along = any() % 3 ? (exo_cap_t)(any() % 12) : 0;

		m.word[0] |= any() % 2 ? any() << 8 : (any() % 8) << 8;
		m.word[1] = any() % 2 ? m.word[1] : any() % 4 ? xo_start->archive_pfn : any();
		m.word[2] = any() % 4 ? m.word[2] : any();
		xo_call(EXO_SLOT_STEWARD,
			EXO_CALL_HOW(any() % 8 ? XO_STEWARD_SERVES : any() % 6, along, any() % 70),
			any() % 4 ? 0 : mini_now() + any() % 4000, &m);
	}
}

/* Archives that are taken away or rewritten while they are copied. */
static void loads(void)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = pages});
	exo_va_t va = mini_va(pages);
	exo_cap_t along = slot();
	struct xo_answer a;

	mini_map_pages(va, pfn, pages, RW);
	for (;;) {
		memcpy((void *)va, mini_archive, pages * EXO_PAGE_SIZE);
		exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, along, pfn, pages,
			       EXO_RIGHT_READ | EXO_RIGHT_DERIVE);
		for (int i = 0; i < 9; i++)
			xo_ask_load(along, pfn + any() % 2, pages, 100 + any() % 1000, &a);
		if (any() % 2)
			exo_yield(EXO_SLOT_NONE, 0);
		for (int i = 0; i < 1000; i++)
			((char *)va)[any() % (pages * EXO_PAGE_SIZE)] ^= (char)any();
		if (any() % 2)
			mini_sleep(any() % 1000000);
		while (exo_cap_revoke(along) == 1)
			;
		exo_cap_drop(along);
	}
}

/* Any call with any arguments.  It may well end itself. */
static void lies(void)
{
	for (;;) {
		uint64_t a[6];

		for (int i = 0; i < 6; i++)
			a[i] = any() % 4   ? any() % 64
			       : any() % 2 ? any()
					   : xo_start->ram[0].first + any() % 64;
		exo_syscall(any() % 40, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}

static void spin(void)
{
	for (;;)
		;
}

/* As many copies as it can get, all of them spinning: built with this as its argument. */
static void legion(void)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = pages});
	exo_va_t va = mini_va(pages);
	exo_cap_t along = slot();
	struct xo_answer a = {0};
	int n = 0;

	mini_map_pages(va, pfn, pages, RW);
	memcpy((void *)va, mini_archive, pages * EXO_PAGE_SIZE);
	exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, along, pfn, pages,
		       EXO_RIGHT_READ | EXO_RIGHT_DERIVE);
	for (uint64_t ticket; !xo_ask_load(along, pfn, pages, 200, &a) && a.what == XO_ASKED;) {
		ticket = a.code;
		do
			exo_yield(EXO_SLOT_NONE, 0);
		while (!xo_ask_result(ticket, &a) && a.what == XO_PENDING);
		n += a.what == XO_STARTED;
		if (a.what != XO_STARTED)
			break;
	}
	if (n)
		mini_printf("%d copies\n", n);
	spin();
}

static const struct way {
	char name[8];
	void (*run)(void);
} ways[] = {{"bomb", bomb}, {"eat", eat},      {"flood", flood}, {"rings", rings},
	    {"kick", kick}, {"calls", calls},  {"loads", loads}, {"lies", lies},
	    {"spin", spin}, {"legion", legion}};

int main(int argc, char **argv)
{
	leaves = argc > 2;
	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, argv[1]))
			ways[i].run();
	return 0;
}
