/* time.c - the information page's clock.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/start.h>
#include <libexo/time.h>

/* The clock's parameters, all of one moment. */
struct clock {
	uint64_t base, mult, wall;
};

static struct clock read_clock(void)
{
	const volatile struct exo_info *i = xo_info;
	struct clock c;
	uint32_t seq;

	do {
		while ((seq = __atomic_load_n(&i->seq, __ATOMIC_ACQUIRE)) & 1)
			__asm__ volatile("pause");
		c.base = i->tsc_base;
		c.mult = i->tsc_mult;
		c.wall = i->wall_ns;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (i->seq != seq);
	return c;
}

static uint64_t elapsed(const struct clock *c)
{
	/* lfence: the counter is not read before what stands above. */
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high));
	return (unsigned __int128)(((uint64_t)high << 32 | low) - c->base) * c->mult >> 32;
}

exo_ns_t xo_now(void)
{
	struct clock c = read_clock();

	return elapsed(&c);
}

uint64_t xo_wall_ns(void)
{
	struct clock c = read_clock();

	return c.wall ? c.wall + elapsed(&c) : 0;
}
