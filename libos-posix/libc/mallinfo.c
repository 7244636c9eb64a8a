/* mallinfo.c - what the heap holds, and what can be asked of it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The parameters of mallopt have no counterpart here.
 */
#include <malloc.h>
#include <stdio.h>
#include <vm/heap.h>

struct mallinfo2 mallinfo2(void)
{
	return px_heap_info();
}

struct mallinfo mallinfo(void)
{
	struct mallinfo2 m = px_heap_info();

	return (struct mallinfo){.arena = (int)m.arena,
				 .ordblks = (int)m.ordblks,
				 .hblks = (int)m.hblks,
				 .hblkhd = (int)m.hblkhd,
				 .usmblks = (int)m.usmblks,
				 .uordblks = (int)m.uordblks,
				 .fordblks = (int)m.fordblks,
				 .keepcost = (int)m.keepcost};
}

int malloc_trim(size_t pad)
{
	return px_heap_trim(pad);
}

int mallopt(int parameter, int value)
{
	(void)parameter, (void)value;
	return 1;
}

void malloc_stats(void)
{
	struct mallinfo2 m = px_heap_info();

	fprintf(stderr, "system bytes     = %10zu\nin use bytes     = %10zu\n", m.arena + m.hblkhd,
		m.uordblks);
}

/* An older name, which newlib has too. */
void mstats(char *label);
void mstats(char *label)
{
	fprintf(stderr, "Memory allocation statistics %s\n", label);
	malloc_stats();
}
