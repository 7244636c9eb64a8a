/* main.c - a program that catches its own exceptions, nested ones too.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A divide error is repaired and the program goes on.  Then a page is touched
 * whose fault handler touches the next one, and so on, and the innermost
 * divides by zero: all of them are resumed, innermost first, and the vector
 * registers of the program have not noticed.
 */
#include <mini/mini.h>

#define DEEP      6 /* page faults in each other; with the divide error 7 of 8 frames */
#define DIV_BYTES 2 /* length of "div %ecx" */

static char *pages[DEEP + 1];
static int depth;

/* A division by zero yields all ones here. */
static bool divided(struct exo_frame *frame, uint64_t addr)
{
	(void)addr;
	mini_printf("divide error at depth %d\n", depth);
	frame->rax = 0xffffffff;
	frame->rip += DIV_BYTES;
	return true;
}

static uint32_t divide(uint32_t a, uint32_t b)
{
	uint32_t remainder = 0;

	__asm__ volatile("div %%ecx" : "+a"(a), "+d"(remainder) : "c"(b));
	return a;
}

/* Make sure that this handler changes vector registers. */
static void spoil_vectors(void)
{
	__asm__ volatile("pcmpeqd %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %%xmm7" : : : "xmm0", "xmm7");
}

static bool faulted(struct exo_frame *frame, uint64_t addr)
{
	exo_pfn_t pfn = mini_frame();

	spoil_vectors();
	if ((char *)addr != pages[depth] || !pfn)
		return false;
	mini_printf("page fault at depth %d, %s\n", depth, frame->code & 2 ? "writing" : "reading");
	depth++;
	if (depth < DEEP)
		*pages[depth] = depth;
	else
		mini_printf("7 / 0 = %x\n", divide(7, 0));
	depth--;
	mini_printf("back at depth %d\n", depth);
	return !mini_map_pages(addr, pfn, 1, EXO_PROT_READ | EXO_PROT_WRITE);
}

int main(void)
{
	uint64_t before[2] = {0x1122334455667788, 0x99aabbccddeeff00}, after[2];

	mini_on_exception(0, divided);
	mini_on_fault(faulted);
	mini_printf("1 / 0 = %x\n", divide(1, 0));
	mini_printf("6 / 3 = %x\n", divide(6, 3));
	for (int i = 0; i < DEEP; i++)
		pages[i] = (char *)mini_va(1);
	__asm__ volatile("movdqu %1, %%xmm7\n\tmovb $42, (%2)\n\tmovdqu %%xmm7, %0"
			 : "=m"(after)
			 : "m"(before), "r"(pages[0])
			 : "xmm7", "memory");
	mini_printf("vector register %s\n",
		    memcmp(before, after, sizeof(before)) ? "changed" : "kept");
	for (int i = 0; i < DEEP; i++)
		if (*pages[i] != (i ? i : 42))
			mini_printf("page %d holds %d\n", i, *pages[i]);
	mini_printf("faults: done\n");
	return 0;
}
