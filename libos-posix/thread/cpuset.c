/* cpuset.c - sets of CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <sched.h>
#include <stdlib.h>

int __sched_cpucount(size_t bytes, const cpu_set_t *set)
{
	int n = 0;

	for (size_t i = 0; i < bytes / sizeof(set->__bits[0]); i++)
		n += __builtin_popcountl(set->__bits[i]);
	return n;
}

void __sched_cpuop(size_t bytes, cpu_set_t *to, const cpu_set_t *a, const cpu_set_t *b, int op)
{
	for (size_t i = 0; i < bytes / sizeof(to->__bits[0]); i++) {
		unsigned long x = a->__bits[i], y = b->__bits[i];

		to->__bits[i] = op == '&' ? x & y : op == '|' ? x | y : x ^ y;
	}
}

cpu_set_t *__sched_cpualloc(size_t cpus)
{
	return calloc(1, CPU_ALLOC_SIZE(cpus));
}

void __sched_cpufree(cpu_set_t *set)
{
	free(set);
}

/* There is one node of memory. */
int getcpu(unsigned int *cpu, unsigned int *node)
{
	if (cpu)
		*cpu = (unsigned int)sched_getcpu();
	if (node)
		*node = 0;
	return 0;
}
