/* probe.c - what an image can see and reach beyond itself; on libos-minimal, for the tests of the
 * steward.  Each argument is a question; the answers are lines.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/env.h>
#include <exo/stubs.h>
#include <libexo/account.h>
#include <libexo/cpu.h>
#include <libexo/frames.h>
#include <libexo/start.h>
#include <mini/mini.h>

static int data = 1;

/* Different for each image and at each boot. */
static void place(void)
{
	const uint64_t *seed = (const uint64_t *)xo_start->random;

	mini_printf("place %p %p %lx%lx\n", (void *)(uintptr_t)place, (void *)xo_start, seed[0],
		    seed[1]);
}

static const volatile struct exo_frame_state *frame_table(void)
{
	uint64_t pages = xo_info->pfn_end * sizeof(struct exo_frame_state) / EXO_PAGE_SIZE + 1;
	exo_va_t va = mini_va(pages);

	if (xo_map_run(&mini_space, va, xo_info->frame_table, pages, EXO_PROT_READ, EXO_SLOT_INFO))
		return NULL;
	return (const volatile struct exo_frame_state *)va;
}

/* How often the frames of code and data are mapped on the whole machine. */
static void shared(void)
{
	const volatile struct exo_frame_state *f = frame_table();

	if (!f) {
		mini_printf("the frame table is not to be seen\n");
		return;
	}
	mini_printf("code %u data %u\n", f[mini_frame_at((exo_va_t)(uintptr_t)shared)].maps,
		    f[mini_frame_at((exo_va_t)&data)].maps);
}

/* Frames of the whole machine that can be mapped or taken under any of the first slots. */
static void reach(void)
{
	exo_va_t va = mini_va(1);
	uint64_t mine = 0, read = 0, taken = 0;

	mini_map_pages(va, mini_frame(), 1, EXO_PROT_READ);
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end + 100; pfn++) {
		for (exo_cap_t slot = 1; slot < EXO_SLOT_FREE; slot++) {
			struct exo_map_op op = {.va = va,
						.pfn = pfn,
						.count = 1,
						.cap = slot,
						.kind = EXO_MAP_PAGES,
						.prot = EXO_PROT_READ};

			if (exo_map(EXO_SLOT_NONE, (exo_va_t)&op, 1) != 1)
				continue;
			read += slot != EXO_SLOT_MEMORY;
			op.prot |= EXO_PROT_WRITE;
			mine += exo_map(EXO_SLOT_NONE, (exo_va_t)&op, 1) == 1;
		}
		taken += exo_frame_alloc(EXO_SLOT_MEMORY, pfn, 1) == 1;
	}
	mini_printf("writes %lu reads %lu takes %lu\n", mine, read, taken);
}

/* What it has, counted by the kernel, without a call; nothing there is to be changed. */
static void own(void)
{
	const volatile struct exo_account *a = xo_account();
	struct exo_map_op op = {.va = (exo_va_t)a,
				.count = 1,
				.cap = EXO_SLOT_OWN,
				.kind = EXO_MAP_PROTECT,
				.prot = EXO_PROT_READ | EXO_PROT_WRITE};
	uint64_t used;

	if (!a) {
		mini_printf("its account is not to be seen\n");
		return;
	}
	used = a->used;
	mini_frame();
	mini_printf("may have %lu, keeps %lu, has %s, one more is %lu more, written: %s\n",
		    a->limit, a->guaranteed, used && used < a->limit ? "some" : "?", a->used - used,
		    exo_map(EXO_SLOT_NONE, (exo_va_t)&op, 1) == 1 ? "yes" : "no");
}

static void wx(void)
{
	exo_va_t va = mini_va(1);
	long r =
		mini_map_pages(va, mini_frame(), 1, EXO_PROT_READ | EXO_PROT_WRITE | EXO_PROT_EXEC);

	mini_printf("write and execute: %s\n", r ? mini_error(r) : "done");
}

/* Slices other than its own, the machine, the console, accounts: each with what it has. */
static void power(void)
{
	uint32_t bound = 0, errors = 0;

	for (uint32_t cpu = 0; cpu < xo_info->cpus; cpu++)
		for (uint32_t slot = 0; slot < EXO_SLICE_MAX; slot++)
			bound += (cpu != xo_cpu_number(0) || slot != xo_start->slice_slot) &&
				 !exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, 0, 10000);
	errors += exo_slice_bind(EXO_SLOT_CPU, xo_cpu_number(0), xo_start->slice_slot,
				 EXO_SLOT_NONE, 0, xo_start->slice_ns + 1) < 0;
	errors += exo_machine(EXO_SLOT_MACHINE, 0, 3) < 0;
	errors += exo_console_kick(EXO_SLOT_CONSOLE) < 0;
	errors += exo_account_limit(EXO_SLOT_ACCOUNT, 1ull << 40) < 0;
	errors += exo_env_stop(EXO_SLOT_CONSOLE, 3) < 0;
	errors += exo_cap_derive(EXO_SLOT_ARCHIVE, EXO_SLOT_CONSOLE, 20, xo_start->archive_pfn, 1,
				 EXO_RIGHT_READ) < 0;
	mini_printf("slices %u refusals %u\n", bound, errors);
}

static const struct question {
	char name[8];
	void (*ask)(void);
} questions[] = {{"place", place}, {"shared", shared}, {"reach", reach},
		 {"wx", wx},       {"power", power},   {"own", own}};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "wait"))
			mini_sleep(300 * MINI_NS_PER_MS);
		for (size_t q = 0; q < sizeof(questions) / sizeof(questions[0]); q++)
			if (!strcmp(questions[q].name, argv[i]))
				questions[q].ask();
	}
	return 0;
}
