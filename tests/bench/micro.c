/* micro.c - what the kernel's operations cost, measured on libexo alone.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * No row for notify from one CPU to another: under -icount QEMU runs the CPUs by turns on one
 * count of instructions, so a clock read on both would show how long a turn is, not what the
 * interrupt costs.
 */
#include "bench.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/upcall.h>
#include <libexo/console.h>
#include <libexo/start.h>
#include <libexo/upcall.h>

#define ROUNDS     1000
#define PAGE_FAULT (EXO_UP_EXCEPTION + 14)
#define EVENT      (1ull << 40)

static exo_pfn_t frame;     /* the one that comes and goes */
static exo_va_t fault_next; /* serve_fault's next address */

static void map_page(exo_va_t va)
{
	struct exo_map_op op = {.va = va,
				.pfn = frame,
				.count = 1,
				.cap = EXO_SLOT_MEMORY,
				.kind = EXO_MAP_PAGES,
				.prot = EXO_PROT_READ | EXO_PROT_WRITE};

	xo_map_one(EXO_SLOT_NONE, &op);
}

static void unmap_page(exo_va_t va)
{
	struct exo_map_op op = {
		.va = va, .count = 1, .kind = EXO_MAP_REMOVE, .prot = EXO_PROT_READ};

	xo_map_one(EXO_SLOT_NONE, &op);
}

/* A fault at an instruction that left an address in rcx goes on there;
 * any other gets its page. */
void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	if (kind == EXO_UP_EVENT)
		xo_events_take(xo_self(), EVENT);
	else if (kind != PAGE_FAULT || addr < BENCH_VA)
		bench_fail("unexpected upcall", (long)kind);
	else if (f->rcx)
		f->rip = f->rcx;
	else
		map_page(addr & -(uint64_t)EXO_PAGE_SIZE);
}

static void null_call(void)
{
	exo_null();
}

static void skipped_fault(void)
{
	__asm__ volatile("lea 1f(%%rip), %%rcx\n\tmovb (%0), %%al\n1:"
			 :
			 : "r"(BENCH_VA)
			 : "rax", "rcx", "memory");
}

static void served_fault(void)
{
	__asm__ volatile("movb (%0), %%al" : : "r"(fault_next), "c"(0) : "rax", "memory");
	fault_next += EXO_PAGE_SIZE;
}

static void map_unmap(void)
{
	map_page(BENCH_VA);
	unmap_page(BENCH_VA);
}

static void map_touch_unmap(void)
{
	map_page(BENCH_VA);
	*(volatile char *)BENCH_VA = 1;
	unmap_page(BENCH_VA);
}

static void map_unmap_batch(void)
{
	struct exo_map_op op[2] = {{.va = BENCH_VA,
				    .pfn = frame,
				    .count = 1,
				    .cap = EXO_SLOT_MEMORY,
				    .kind = EXO_MAP_PAGES,
				    .prot = EXO_PROT_READ | EXO_PROT_WRITE}};

	op[1] = op[0];
	op[1].kind = EXO_MAP_REMOVE;
	exo_map(EXO_SLOT_NONE, (exo_va_t)op, 2);
}

static void notify_self(void)
{
	exo_notify(EXO_SLOT_NONE, 0, EVENT);
}

static void yield_alone(void)
{
	exo_yield(EXO_SLOT_NONE, 0);
}

static void frame_alloc_free(void)
{
	exo_frame_free(EXO_SLOT_MEMORY, frame, 1);
	exo_frame_alloc(EXO_SLOT_MEMORY, frame, 1);
}

static void measure_faults(void)
{
	const unsigned pages = 256; /* of one table, which is there */

	bench_map(BENCH_VA, frame, 1);
	unmap_page(BENCH_VA);
	bench_measure("fault_upcall", skipped_fault, ROUNDS);
	fault_next = BENCH_VA;
	bench_measure("fault_served", served_fault, pages);
	for (exo_va_t va = BENCH_VA; va < fault_next; va += EXO_PAGE_SIZE)
		unmap_page(va);
}

static void measure_events(void)
{
	struct exo_activation *a = xo_self();

	bench_measure("notify_self", notify_self, ROUNDS);
	xo_events_take(a, EVENT);
	a->want = EXO_WANT_EVENT;
	bench_measure("notify_self_upcall", notify_self, ROUNDS);
	a->want = 0;
}

void exo_main(struct exo_start *start)
{
	uint64_t now = bench_ticks();

	(void)start;
	bench_row("entry_to_main", (now - xo_info->tsc_entry) * 10, "ticks");
	bench_frames_init();
	frame = bench_frames(1);
	bench_measure("null_call", null_call, ROUNDS);
	measure_faults();
	bench_measure("map_unmap", map_unmap, ROUNDS);
	bench_measure("map_touch_unmap", map_touch_unmap, ROUNDS);
	bench_measure("map_unmap_batch", map_unmap_batch, ROUNDS);
	bench_measure("frame_alloc_free", frame_alloc_free, ROUNDS);
	measure_events();
	bench_measure("yield_alone", yield_alone, ROUNDS);
	bench_switches();
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, 0);
	__builtin_trap();
}
