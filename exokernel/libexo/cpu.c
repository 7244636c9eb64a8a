/* cpu.c - the CPUs that the environment was given time on.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/cpu.h>
#include <libexo/start.h>

uint32_t xo_cpus(void)
{
	uint32_t n = 0;

	for (uint64_t left = xo_start->cpus; left; left &= left - 1)
		n++;
	return n;
}

uint32_t xo_cpu_number(uint32_t n)
{
	uint64_t left = xo_start->cpus;

	while (n--)
		left &= left - 1;
	return (uint32_t)__builtin_ctzll(left);
}

static long bind(uint32_t n, exo_cap_t env, uint32_t index, exo_ns_t ns)
{
	if (n >= xo_cpus())
		return -EXO_E_INVAL;
	return exo_slice_bind(EXO_SLOT_CPU, xo_cpu_number(n), xo_start->slice_slot, env, index, ns);
}

long xo_cpu_bind(uint32_t n, exo_cap_t env, uint32_t index)
{
	return bind(n, env, index, xo_start->slice_ns);
}

long xo_cpu_unbind(uint32_t n, exo_cap_t env, uint32_t index)
{
	return bind(n, env, index, 0);
}
