/* judge.c - who had how much, by the kernel's own counters; on libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * For an image that sees all.  With three numbers BEFORE MS SLOT: after BEFORE ms it looks for MS
 * ms at the slot SLOT of CPU 0 and says how much of that time it was served, in 1/1000, and how
 * many frames the account has whose environment is bound there.  With one number N it waits until N
 * environments have slices, its own among them.
 */
#include <exo/cap.h>
#include <exo/info.h>
#include <libexo/frames.h>
#include <libexo/served.h>
#include <libexo/start.h>
#include <mini/mini.h>

static uint64_t number(const char *s)
{
	uint64_t n = 0;

	while (*s >= '0' && *s <= '9')
		n = 10 * n + (uint64_t)(*s++ - '0');
	return n;
}

static const volatile struct exo_slice *slices(uint32_t cpu)
{
	exo_va_t va = mini_va(1);

	if (xo_map_run(&mini_space, va, xo_info->slice_table[cpu], 1, EXO_PROT_READ, EXO_SLOT_INFO))
		mini_exit(99);
	return (const volatile struct exo_slice *)va;
}

static uint64_t frames_of(uint32_t env)
{
	uint64_t pages = xo_info->pfn_end * sizeof(struct exo_frame_state) / EXO_PAGE_SIZE + 1,
		 n = 0;
	exo_va_t va = mini_va(pages);
	const volatile struct exo_frame_state *f = (const volatile struct exo_frame_state *)va;

	if (xo_map_run(&mini_space, va, xo_info->frame_table, pages, EXO_PROT_READ, EXO_SLOT_INFO))
		mini_exit(98);
	for (exo_pfn_t pfn = 0; pfn < xo_info->pfn_end; pfn++)
		n += f[pfn].type >= EXO_FRAME_DATA && f[pfn].account == f[env].account;
	return n;
}

static int wait_for(uint64_t n)
{
	const volatile struct exo_slice *s[EXO_CPU_MAX];

	for (uint32_t cpu = 0; cpu < xo_info->cpus; cpu++)
		s[cpu] = slices(cpu);
	for (uint64_t there = 0; there <= n; mini_sleep(20 * MINI_NS_PER_MS)) {
		there = 0;
		for (uint32_t i = 0; i < xo_info->cpus * EXO_SLICE_MAX; i++)
			there += s[i / EXO_SLICE_MAX][i % EXO_SLICE_MAX].env != 0;
	}
	mini_printf("%lu at once\n", n);
	return 0;
}

static exo_ns_t served(const volatile struct exo_slice *s, uint64_t slot)
{
	return xo_served((const volatile struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT),
			 s, (uint32_t)slot, mini_now());
}

int main(int argc, char **argv)
{
	const volatile struct exo_slice *s = slices(0);
	uint64_t slot, used;
	exo_ns_t begin;

	if (argc < 4)
		return wait_for(number(argv[1]));
	slot = number(argv[3]);
	mini_sleep(number(argv[1]) * MINI_NS_PER_MS);
	begin = mini_now();
	used = served(s, slot);
	mini_sleep(number(argv[2]) * MINI_NS_PER_MS);
	used = served(s, slot) - used;
	mini_printf("served %lu\n", used * 1000 / (mini_now() - begin));
	mini_printf("frames %lu\n", frames_of(s[slot].env));
	return 0;
}
