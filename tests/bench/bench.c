/* bench.c - ticks, counters, rows and frames for the benchmarks.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bench.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/start.h>
#include <stddef.h>
#include <util/fmt.h>

#define WARM 3

static struct {
	uint64_t ticks;
	struct exo_cpu_info count;
} before;

static uint64_t loop_tenths; /* what an empty operation costs */

static struct exo_extent heap;

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
	char line[128];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(line, sizeof(line), format, args);
	va_end(args);
	xo_console_write(line, n < sizeof(line) ? n : sizeof(line) - 1);
}

void bench_fail(const char *what, long r)
{
	print("bench failed: %s: %ld\n", what, r);
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, 1);
	__builtin_trap();
}

void bench_want(const char *what, long r, long want)
{
	if (r != want)
		bench_fail(what, r);
}

void bench_row(const char *name, uint64_t tenths, const char *unit)
{
	print("bench %s %lu.%lu %s\n", name, tenths / 10, tenths % 10, unit);
}

static const struct exo_cpu_info *counters(void)
{
	return (const struct exo_cpu_info *)((const char *)xo_info + EXO_INFO_CPUS_AT);
}

void bench_begin(void)
{
	before.count = *counters();
	before.ticks = bench_ticks();
}

void bench_end(const char *name, unsigned n)
{
	static const struct {
		const char *name;
		size_t offset;
	} shown[] = {
		{"cr3_loads", offsetof(struct exo_cpu_info, cr3_loads)},
		{"invlpgs", offsetof(struct exo_cpu_info, invlpgs)},
		{"flushes", offsetof(struct exo_cpu_info, flushes)},
		{"ipis", offsetof(struct exo_cpu_info, ipis)},
		{"timer_sets", offsetof(struct exo_cpu_info, timer_sets)},
		{"exits", offsetof(struct exo_cpu_info, exits)},
	};
	uint64_t ticks = (bench_ticks() - before.ticks) * 10 / n;
	struct exo_cpu_info after = *counters();
	char row[64];

	bench_row(name, ticks > loop_tenths ? ticks - loop_tenths : 0, "ticks");
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const uint64_t *was = (const void *)((const char *)&before.count + shown[i].offset);
		const uint64_t *is = (const void *)((const char *)&after + shown[i].offset);

		fmt_string(row, sizeof(row), "%s_%s", name, shown[i].name);
		if (*is != *was)
			bench_row(row, (*is - *was) * 10 / n, "per_op");
	}
}

static void nothing(void)
{
}

/* The operation stays a call through a pointer, whatever the compiler knows. */
static void run(void (*op)(void), unsigned n)
{
	__asm__ volatile("" : "+r"(op));
	for (unsigned i = 0; i < n; i++)
		op();
}

void bench_measure(const char *name, void (*op)(void), unsigned n)
{
	if (!loop_tenths) {
		uint64_t start = bench_ticks();

		run(nothing, 1000);
		loop_tenths = (bench_ticks() - start) / 100;
	}
	run(op, WARM);
	bench_begin();
	run(op, n);
	bench_end(name, n);
}

exo_pfn_t bench_frames(uint64_t count)
{
	exo_pfn_t first = heap.first;

	if (heap.count < count)
		bench_fail("out of frames", 0);
	for (uint64_t have = 0; have < count;) {
		long r = exo_frame_alloc(EXO_SLOT_MEMORY, first + have, count - have);

		if (r < 0)
			bench_fail("frame_alloc", r);
		have += (uint64_t)r;
	}
	heap.first += count;
	heap.count -= count;
	return first;
}

static exo_pfn_t next_table(void *context)
{
	(void)context;
	return bench_frames(1);
}

static void give_table(void *context, exo_pfn_t pfn)
{
	(void)context;
	exo_frame_free(EXO_SLOT_MEMORY, pfn, 1);
}

const struct xo_space bench_space = {
	.env = EXO_SLOT_NONE,
	.tables = {.next = next_table, .give = give_table, .cap = EXO_SLOT_MEMORY},
};

void bench_frames_init(void)
{
	for (uint32_t i = 0; i < xo_start->ram_count && i < EXO_START_RAM_MAX; i++)
		if (xo_start->ram[i].count > heap.count)
			heap = xo_start->ram[i];
}

void bench_map(exo_va_t va, exo_pfn_t pfn, uint64_t pages)
{
	long r = xo_map_run(&bench_space, va, pfn, pages, EXO_PROT_READ | EXO_PROT_WRITE,
			    EXO_SLOT_MEMORY);

	if (r)
		bench_fail("map", r);
}
