/* fuzz_boot.h - the kernel's boot code on the host: memory and ports that the input fills.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Physical memory below 4 GiB is there and zero, as far as boot code looks for something in it;
 * what firmware and boot loader hand over lies in pieces whose ends the address sanitizer knows.
 */
#ifndef FUZZ_BOOT_H
#define FUZZ_BOOT_H

#include "fuzz.h"

#include <sanitizer/asan_interface.h>
#include <sys/mman.h>

#define direct     real_direct
#define direct_pfn real_direct_pfn
#define inb        real_inb
#define outb       real_outb
#define outw       real_outw
#define invlpg     real_invlpg
#define outl       real_outl
#define inl        real_inl
#include <x86_64/cpu.h>
#undef direct
#undef direct_pfn
#undef inb
#undef outb
#undef outw
#undef invlpg
#undef outl
#undef inl
#undef DIRECT_MAP
#undef WINDOW
#define WINDOW     0x300000000000ul
#define DIRECT_MAP 0x200000000000ul

static inline void *direct(uint64_t pfn)
{
	return (void *)(DIRECT_MAP + (pfn << EXO_PAGE_SHIFT));
}

uint8_t inb(uint16_t port);
void outb(uint16_t port, uint8_t v);
void outw(uint16_t port, uint16_t v);
uint32_t inl(uint16_t port);
void outl(uint16_t port, uint32_t v);
void invlpg(uint64_t va);

#include <boot/boot.h>
#define on_hypervisor() true

#define MEMORY (1ul << 32)
#define POISON 64 /* bytes behind each piece that nothing may touch */

static inline void memory_begin(void)
{
	static bool there;

	if (!there)
		must(mmap((void *)DIRECT_MAP, MEMORY, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1,
			  0) == (void *)DIRECT_MAP);
	there = true;
}

static struct {
	char *at;
	size_t bytes;
} piece[64];
static int pieces;

/* Lay a piece there. */
static inline void lay(uint64_t physical, const void *bytes, size_t n)
{
	char *p = (char *)DIRECT_MAP + physical;

	must(pieces < 64);
	memcpy(p, bytes, n);
	ASAN_POISON_MEMORY_REGION(p + n, POISON);
	piece[pieces].at = p;
	piece[pieces++].bytes = n;
}

/* Take all of them away. */
static inline void memory_end(void)
{
	while (pieces--) {
		ASAN_UNPOISON_MEMORY_REGION(piece[pieces].at, piece[pieces].bytes + POISON);
		memset(piece[pieces].at, 0, piece[pieces].bytes);
	}
	pieces = 0;
}

#endif
