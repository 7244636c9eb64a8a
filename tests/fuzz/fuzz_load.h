/* fuzz_load.h - libos-posix's loader on the host: a file in memory, an address space that is an
 * array. SPDX-License-Identifier: BSD-2-Clause
 *
 * What was not mapped is poisoned.  sample() is a small program in good order.
 */
#ifndef FUZZ_LOAD_H
#define FUZZ_LOAD_H

#include "fuzz.h"

#include <abi.h>
#include <env/arena.h>
#include <env/load.h>
#include <env/process.h>
#include <exo/cap.h>
#include <sanitizer/asan_interface.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define FILE_BYTES 0x4000
#define SPAN_MOST  0x20000
#define GUARD      0x4000

struct xo_space px_space;
struct px_process *px_me;
const char __image_start[1];

static uint8_t file[FILE_BYTES];
static uint64_t file_bytes;
static _Alignas(4096) uint8_t memory[SPAN_MOST + 2 * GUARD];
#define BASE ((exo_va_t)memory + GUARD)

static void show(exo_va_t va, uint64_t pages)
{
	must(va % EXO_PAGE_SIZE == 0 && va >= BASE &&
	     va + pages * EXO_PAGE_SIZE <= BASE + SPAN_MOST);
	ASAN_UNPOISON_MEMORY_REGION((void *)va, pages * EXO_PAGE_SIZE);
	memset((void *)va, 0, pages * EXO_PAGE_SIZE);
}

static bool read_file(const struct px_source *s, void *to, uint64_t at, uint64_t n)
{
	(void)s;
	must((wide)at + n <= file_bytes);
	memcpy(to, file + at, n);
	return true;
}

/* Pages of the file, zeros behind its end. */
static void fill(exo_va_t va, uint64_t at, uint64_t pages)
{
	show(va, pages);
	must(at % EXO_PAGE_SIZE == 0 && at / EXO_PAGE_SIZE + pages <= (file_bytes + 4095) / 4096);
	memcpy((void *)va, file + at,
	       pages * 4096 < file_bytes - at ? pages * 4096 : file_bytes - at);
}

static exo_pfn_t frame(const struct px_source *s, uint64_t at)
{
	(void)s;
	must(at % EXO_PAGE_SIZE == 0);
	return 1 + at / EXO_PAGE_SIZE;
}

long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	(void)s, (void)cap;
	must(!(prot & EXO_PROT_WRITE));
	if (pages)
		fill(va, (pfn - 1) * EXO_PAGE_SIZE, pages);
	return 0;
}

long px_map_now(exo_va_t va, uint64_t pages)
{
	show(va, pages);
	return 0;
}

long xo_protect_run(const struct xo_space *s, exo_va_t va, uint64_t pages, uint32_t prot,
		    exo_cap_t cap)
{
	(void)s, (void)va, (void)pages, (void)prot, (void)cap;
	return 0;
}

void px_put(const struct px_region *r)
{
	uint64_t pages = (r->end - r->start) / EXO_PAGE_SIZE;

	must(r->start < r->end);
	if (r->vnode)
		fill(r->start, r->offset, pages);
	else
		show(r->start, pages);
}

bool px_spare(void)
{
	return true;
}

bool px_mapped_add(struct px_process *p, struct px_vnode *v, uint64_t regions)
{
	(void)p, (void)v, (void)regions;
	return true;
}

void px_space_enter(void)
{
}

void px_leave(void)
{
}

exo_cap_t px_slot_of(exo_pfn_t pfn)
{
	return (exo_cap_t)pfn;
}

bool px_promise(uint64_t pages)
{
	return pages < 1 << 16;
}

exo_va_t px_place(uint64_t bytes)
{
	return bytes <= SPAN_MOST ? BASE : 0;
}

void px_region_note(const char *name, exo_va_t start, uint64_t bytes)
{
	(void)name, (void)start, (void)bytes;
}

#include <env/load_bind.c>
#include <env/load_check.c>
#include <env/load_map.c>
#include <env/load_tables.c>

/* Text 0x1000: mark, strings, symbols, hash, relocations; data 0x2000: dynamic, hooks. */
enum {
	TEXT = 0x1000,
	DATA = 0x2000,
	MARK = TEXT,
	STRINGS = TEXT + 0x100,
	SYMBOLS = TEXT + 0x200,
	HASH = TEXT + 0x300,
	RELA = TEXT + 0x400,
	DYNAMIC = DATA,
	HOOKS = DATA + 0x200
};

static void sample(void)
{
	static const char strings[] = "\0libos-posix.so\0__exo_abi\0main\0write";
	static const uint64_t tags[][2] = {{TAG_NEEDED, 1},        {TAG_HASH, HASH},
					   {TAG_STRTAB, STRINGS},  {TAG_STRSZ, sizeof(strings)},
					   {TAG_SYMTAB, SYMBOLS},  {TAG_RELA, RELA},
					   {TAG_RELASZ, 72},       {TAG_INIT_ARRAY, HOOKS},
					   {TAG_INIT_ARRAYSZ, 16}, {0, 0}};
	static const uint32_t hash[] = {1, 4, 1, 0, 2, 3, 0},
			      mark[] = {EXO_ABI_VERSION, PX_ABI_VERSION};
	struct elf_head h = {.type = ELF_SHARED,
			     .machine = ELF_X86_64,
			     .phoff = sizeof(h),
			     .phentsize = sizeof(struct elf_segment),
			     .phnum = 5,
			     .entry = TEXT + 0x800};
	struct elf_segment s[5] = {
		{SEGMENT_LOAD, FLAG_READ | FLAG_EXEC, TEXT, TEXT, 0, 0x900, 0x900, 4096},
		{SEGMENT_LOAD, FLAG_READ | FLAG_WRITE, DATA, DATA, 0, 0x400, 0x1800, 4096},
		{SEGMENT_DYNAMIC, FLAG_READ, DYNAMIC, DYNAMIC, 0, 0x100, 0x100, 8},
		{SEGMENT_TLS, FLAG_READ, DATA + 0x300, DATA + 0x300, 0, 0x10, 0x20, 16},
		{SEGMENT_RELRO, FLAG_READ, DATA, DATA, 0, 0x100, 0x1000, 1}};
	struct elf_symbol y[4] = {{0},
				  {16, 0x11, 0, 1, MARK, 8},
				  {26, 0x12, 0, 1, TEXT + 0x800, 1},
				  {31, 0x12, 0, 0, 0, 0}};
	struct elf_rela r[3] = {{HOOKS, RELOC_RELATIVE, 0, TEXT + 0x800},
				{HOOKS + 8, RELOC_64, 2, 0},
				{DATA + 0x380, RELOC_GLOB_DAT, 3, 0}};

	memset(file, 0, sizeof(file));
	memcpy(h.ident, ELF_IDENT, 7);
	memcpy(file, &h, sizeof(h));
	memcpy(file + sizeof(h), s, sizeof(s));
	memcpy(file + MARK, mark, sizeof(mark));
	memcpy(file + STRINGS, strings, sizeof(strings));
	memcpy(file + SYMBOLS, y, sizeof(y));
	memcpy(file + HASH, hash, sizeof(hash));
	memcpy(file + RELA, r, sizeof(r));
	memcpy(file + DYNAMIC, tags, sizeof(tags));
}

/* What the libOS exports: one name. */
static void own(void)
{
	static const struct elf_symbol symbols[2] = {{0}, {1, 0x12, 0, SECTION_ABS, 0x1234, 0}};
	static const uint32_t hash[] = {1, 2, 1, 0, 0};

	self = (struct px_object){.symbol = symbols,
				  .hash = hash,
				  .symbols = 2,
				  .strings = "\0write",
				  .strings_bytes = 7};
}

#endif
