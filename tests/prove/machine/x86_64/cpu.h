/* cpu.h - the kernel's CPU structures over a processor that is a few functions.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What the real header says of memory and instructions gets other names there and is made again
 * here; its structures are taken as they are.
 */
#ifndef PROVE_CPU_H
#define PROVE_CPU_H

#define cpu_of     real_cpu_of
#define this_cpu   real_this_cpu
#define direct     real_direct
#define direct_pfn real_direct_pfn
#define outb       real_outb
#define outw       real_outw
#define inb        real_inb
#define wrmsr      real_wrmsr
#define read_cr2   real_read_cr2
#define write_cr2  real_write_cr2
#define read_cr3   real_read_cr3
#define write_cr3  real_write_cr3
#define invlpg     real_invlpg
#include_next <x86_64/cpu.h>
#undef cpu_of
#undef this_cpu
#undef direct
#undef direct_pfn
#undef outb
#undef outw
#undef inb
#undef wrmsr
#undef read_cr2
#undef write_cr2
#undef read_cr3
#undef write_cr3
#undef invlpg
#undef rdtsc
#undef DIRECT_MAP

#define DIRECT_MAP 0x200000000000ul /* an address of the host that nothing else wants */

extern struct cpu hw_cpu[EXO_CPU_MAX], *hw_this;
extern uint64_t hw_clock;

#define rdtsc() (hw_clock)

static inline struct cpu *cpu_of(uint32_t n)
{
	return &hw_cpu[n];
}

static inline struct cpu *this_cpu(void)
{
	return hw_this;
}

static inline void *direct(uint64_t pfn)
{
	return (void *)(DIRECT_MAP + (pfn << EXO_PAGE_SHIFT));
}

static inline uint64_t direct_pfn(const void *p)
{
	return ((uint64_t)p - DIRECT_MAP) >> EXO_PAGE_SHIFT;
}

/* The TLB of the CPU that executes (tlb.c). */
void invlpg(uint64_t va);
void write_cr3(uint64_t v);

static inline void wrmsr(uint32_t msr, uint64_t v)
{
	(void)msr;
	(void)v;
}

static inline uint64_t read_cr3(void)
{
	return 0; /* is only written back */
}

static inline uint64_t read_cr2(void)
{
	return 0;
}

#endif
