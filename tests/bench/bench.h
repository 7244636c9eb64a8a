/* bench.h - measuring on libexo alone: ticks and the kernel's counters.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Under `-icount shift=0` the TSC counts guest instructions, so a row is the
 * same in every run.  Rows are lines "bench NAME VALUE UNIT" on the console.
 */
#ifndef BENCH_H
#define BENCH_H

#include <exo/map.h>
#include <exo/types.h>
#include <libexo/map.h>
#include <libexo/upcall.h>

#define BENCH_VA 0x600000000000 /* where nothing else is mapped */

static inline uint64_t bench_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

/* Print what went wrong and stop with status 1. */
_Noreturn void bench_fail(const char *what, long r);

/* The same, unless r is what was wanted. */
void bench_want(const char *what, long r, long want);

/* A row: `tenths` is the value times ten. */
void bench_row(const char *name, uint64_t tenths, const char *unit);

/* Call op n times, after a few more to warm up, and print the rows `name` (ticks of one call,
 * without those of the loop) and name_COUNTER for the counters of CPU 0. */
void bench_measure(const char *name, void (*op)(void), unsigned n);

/* The same in two halves, for what does not fit a function. */
void bench_begin(void);
void bench_end(const char *name, unsigned n);

/* Frames of this environment: `count` consecutive ones. */
void bench_frames_init(void);
exo_pfn_t bench_frames(uint64_t count);

/* The caller's address space, with tables from bench_frames. */
extern const struct xo_space bench_space;

/* Map consecutive frames at va with every right but EXEC. */
void bench_map(exo_va_t va, exo_pfn_t pfn, uint64_t pages);

/* peer.c: activation `index` in new frames, mapped at `at`, that begins with b->fn.  Of the
 * stack the first `bytes` are its own, the next EXO_FRAME_DEPTH times as many for upcalls (none
 * are needed if no upcall comes).  Returns the first of its frames. */
exo_pfn_t bench_activation(struct xo_begin *b, uint32_t index, char *stack, uint32_t bytes,
			   exo_va_t at);

/* An environment with capability `slot`, made of frames own .. own + 2, that runs this program.
 * Its activation 0, in frame `act`, was made for b. */
void bench_peer(struct xo_begin *b, exo_cap_t slot, exo_pfn_t own, exo_pfn_t act);

/* switch.c */
void bench_switches(void);

#endif
