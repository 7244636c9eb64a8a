/* turns.c - has a copy of itself loaded, which shares its slices; on libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Arguments: `answer`: shortens its slices when asked; `ignore`: does not; `flip`: does
 * not, and changes all the time who is in the slot of its other CPU.  The copy, which may not load,
 * stays for a while.
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/cpu.h>
#include <libexo/frames.h>
#include <libexo/ledger.h>
#include <libexo/start.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <mini/mini.h>

#define STAY_NS (300 * MINI_NS_PER_MS)

static const struct xo_ledger *ledger;

/* What the kernel says of our slot on our CPU n, in us: how long it is, or may be. */
static uint32_t slice(uint32_t n, bool most)
{
	static exo_va_t va;
	const volatile struct exo_slice *s;
	uint32_t cpu = xo_cpu_number(n), us;

	if (!va)
		va = mini_va(1);
	if (xo_map_run(&mini_space, va, xo_info->slice_table[cpu], 1, EXO_PROT_READ, EXO_SLOT_INFO))
		mini_exit(99);
	s = (const volatile struct exo_slice *)va + xo_start->slice_slot;
	us = (most ? s->most : s->ns) / 1000;
	mini_unmap(va, 1);
	return us;
}

/* Our own archive, from frames of ours. */
static uint64_t load(void)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = pages});
	exo_va_t va = mini_va(pages);
	struct xo_answer a;

	if (!pfn || mini_map_pages(va, pfn, pages, EXO_PROT_READ | EXO_PROT_WRITE))
		mini_exit(98);
	memcpy((void *)va, mini_archive, pages * EXO_PAGE_SIZE);
	if (exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, EXO_SLOT_FREE, pfn, pages,
			   EXO_RIGHT_READ | EXO_RIGHT_DERIVE) ||
	    xo_ask_load(EXO_SLOT_FREE, pfn, pages, 256, &a) || a.what != XO_ASKED)
		mini_exit(97);
	return a.code;
}

static void idle(void *arg)
{
	(void)arg;
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

static bool flips;

/* Who is in the slot of its other CPU, and for how long, is never the same for long. */
static void flip(void)
{
	uint32_t cpu = xo_cpu_number(1), slot = xo_start->slice_slot;

	for (uint32_t n = 0; n < 100; n++) {
		exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, 1 + n % 2, 1000000);
		exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, 1 + n % 2, 0);
	}
}

static void await(uint64_t ticket, enum xo_asked what)
{
	struct xo_answer a = {0};

	while (a.what != what && a.what != XO_REFUSED && !xo_ask_result(ticket, &a)) {
		if (flips)
			flip();
		else
			mini_sleep(MINI_NS_PER_MS);
	}
}

static void answer(void)
{
	struct xo_ledger_request r;

	while (!xo_ledger_asked(&r))
		mini_wait(XO_EVENT_LEDGER, mini_now() + 1000 * MINI_NS_PER_MS);
	mini_printf("asked for %s: %lu of ours, to be %lu us\n",
		    r.kind == XO_LEDGER_SLICES ? "slices" : "?",
		    r.first == EXO_SLICE_OF(xo_cpu_number(0), xo_start->slice_slot) ? r.count : 0,
		    r.slice_ns / 1000);
	xo_ledger_slices();
	if (xo_cpu_bind(0, EXO_SLOT_NONE, 0))
		mini_exit(96);
	xo_ledger_answer(&r);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	struct xo_ledger_record r;
	uint64_t seen = 0, ticket;

	ledger = (const struct xo_ledger *)xo_start->ledger;
	if (!*how) {
		mini_printf("begins with %u us\n", xo_start->slice_ns / 1000);
		mini_sleep(STAY_NS);
		return 0;
	}
	mini_printf("alone: %u of %u us\n", slice(0, false), slice(0, true));
	flips = *how == 'f';
	if (flips && (mini_activation(1, idle, NULL, 1) || mini_activation(2, idle, NULL, 1)))
		return 3;
	ticket = load();
	if (*how == 'a')
		answer();
	await(ticket, XO_STARTED);
	for (uint32_t n = 0; n < xo_cpus(); n++)
		mini_printf("with another: %u us at most\n", slice(n, true));
	mini_printf("now %u us\n", slice(0, false));
	while (xo_ledger_taken(&seen, &r))
		mini_printf("cut: %s %s\n", r.kind == XO_LEDGER_SLICES ? "slice" : "?",
			    r.first == EXO_SLICE_OF(xo_cpu_number(0), xo_start->slice_slot)
				    ? "of the first CPU"
				    : "");
	await(ticket, XO_ENDED);
	for (int i = 0; i < 1000 && ledger->slice_ns / 1000 != 4000; i++)
		mini_sleep(MINI_NS_PER_MS);
	mini_printf("alone again: %u of %u us\n", slice(0, false), slice(0, true));
	return 0;
}
