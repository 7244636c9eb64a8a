/* fuzz_tools.h - the host tools' own ground: files that are in memory, and an end that is a return.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_TOOLS_H
#define FUZZ_TOOLS_H

#include "fuzz.h"

#include <elf.h>
#include <exo/map.h>
#include <exo/version.h>
#include <host.h>
#include <setjmp.h>
#include <stdarg.h>

const char *tool = "fuzz";

static jmp_buf died;
static struct blob the_file; /* what every name leads to */
static void *held[4096];
static unsigned int holds_count;

void tool_exit(int status) __attribute__((noreturn));
void tool_exit(int status)
{
	(void)status;
	longjmp(died, 1);
}

_Noreturn void die(const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args); /* all that it names must be there */
	va_end(args);
	longjmp(died, 1);
}

_Noreturn void usage_error(const char *format, ...)
{
	(void)format;
	longjmp(died, 1);
}

void *need(void *p)
{
	must(p);
	return p;
}

void *zalloc(size_t n)
{
	must(n < 1ul << 30 && holds_count < 4096);
	return held[holds_count++] = need(calloc(1, n ? n : 1));
}

struct blob read_file(const char *path)
{
	struct blob b = {zalloc(the_file.size), the_file.size};

	(void)path;
	memcpy(b.data, the_file.data, b.size);
	return b;
}

static void let_go(void)
{
	while (holds_count)
		free(held[--holds_count]);
}

enum { ELF_TEXT = 0x1000, ELF_DATA = 0x2000, ELF_REST = 0x3000, ELF_BYTES = 0x4000 };
enum { S_NONE, S_ABI, S_EMBED, S_DYNSTR, S_DYNSYM, S_RELA, S_NAMES, SECTIONS };

/* Changes that the input makes: in the first bytes, which are heads, or anywhere. */
static void patch(struct input *in, struct blob *b, const uint32_t *hot, unsigned int hots)
{
	while (in->at < in->end && b->size) {
		uint8_t how = (uint8_t)get_bytes(in, 1);
		uint64_t at = hots && how & 3 ? hot[get_below(in, hots)] + get_bytes(in, 1)
					      : get_bytes(in, 3);
		uint64_t v = get_number(in);
		unsigned int n = 1u << (how >> 2 & 3);

		if (how >> 4 == 13) { /* a segment begins elsewhere, in the file as in memory */
			Elf64_Phdr *p = (Elf64_Phdr *)(b->data + sizeof(Elf64_Ehdr)) + at % 3;

			if (b->size < ELF_TEXT)
				continue;
			p->p_vaddr += v;
			p->p_offset += how & 4 ? v : 0;
			p->p_filesz = how & 8 ? at : p->p_filesz;
			continue;
		}
		at %= b->size;
		if (n > b->size - at)
			n = 1;
		if (how & 16)
			b->size = at + 1;
		else
			memcpy(b->data + at, &v, n);
	}
}

/* A small ELF file in good order: text, data, archive's place, and sections that are looked for. */

static inline struct blob elf_sample(uint64_t archive_bytes)
{
	static const char names[] = "\0.exo.abi\0.exo.embed\0.dynstr\0.dynsym\0.rela.dyn\0.names";
	static const char strings[] = "\0libos-posix.so\0main\0write";
	struct blob b = {calloc(1, ELF_BYTES + archive_bytes), ELF_BYTES + archive_bytes};
	Elf64_Ehdr *h = (Elf64_Ehdr *)b.data;
	Elf64_Phdr *p = (Elf64_Phdr *)(h + 1);
	Elf64_Shdr *s = (Elf64_Shdr *)(b.data + ELF_REST);
	Elf64_Dyn *d = (Elf64_Dyn *)(b.data + ELF_DATA + 0x80);
	Elf64_Rela *r = (Elf64_Rela *)(b.data + ELF_TEXT + 0x400);
	Elf64_Sym *y = (Elf64_Sym *)(b.data + ELF_TEXT + 0x200);
	uint32_t abi[2] = {EXO_ABI_VERSION, PX_ABI_VERSION};
	uint64_t embed[2] = {ELF_BYTES, archive_bytes};

	memcpy(h->e_ident, "\177ELF\2\1\1", 8);
	h->e_type = ET_DYN;
	h->e_machine = EM_X86_64;
	h->e_entry = ELF_TEXT + 0x10;
	h->e_phoff = sizeof(*h);
	h->e_phentsize = sizeof(*p);
	h->e_phnum = 4;
	h->e_shoff = ELF_REST;
	h->e_shentsize = sizeof(*s);
	h->e_shnum = SECTIONS;
	h->e_shstrndx = S_NAMES;
	p[0] = (Elf64_Phdr){PT_LOAD, PF_R | PF_X, ELF_TEXT, ELF_TEXT, ELF_TEXT, 0x800, 0x800, 4096};
	p[1] = (Elf64_Phdr){PT_LOAD,  PF_R | PF_W, ELF_DATA, ELF_DATA,
			    ELF_DATA, 0x100,       0x1800,   4096};
	p[2] = (Elf64_Phdr){PT_DYNAMIC, PF_R, ELF_DATA + 0x80, ELF_DATA + 0x80, 0, 0x40, 0x40, 8};
	p[3] = (Elf64_Phdr){PT_LOAD,       PF_R,          ELF_BYTES, 0x8000, ELF_TEXT + ELF_BYTES,
			    archive_bytes, archive_bytes, 4096};
	if (!archive_bytes)
		p[3].p_type = PT_NULL;
	d[0] = (Elf64_Dyn){DT_NEEDED, {1}};
	memcpy(b.data + ELF_TEXT + 0x100, strings, sizeof(strings));
	y[1] = (Elf64_Sym){.st_name = 16, .st_info = 0x12, .st_shndx = 1};
	y[2] = (Elf64_Sym){.st_name = 21, .st_info = 0x12, .st_shndx = 1};
	r[0] = (Elf64_Rela){ELF_DATA, ELF64_R_INFO(0, R_X86_64_RELATIVE), 0};
	memcpy(b.data + ELF_TEXT, abi, sizeof(abi));
	memcpy(b.data + ELF_DATA + 0x40, embed, sizeof(embed));
	memcpy(b.data + ELF_REST + 0x800, names, sizeof(names));
	s[S_ABI] = (Elf64_Shdr){1, SHT_PROGBITS, SHF_ALLOC, 0, ELF_TEXT, 8, 0, 0, 8, 0};
	s[S_EMBED] = (Elf64_Shdr){10, SHT_PROGBITS, SHF_ALLOC, 0, ELF_DATA + 0x40, 16, 0, 0, 8, 0};
	s[S_DYNSTR] = (Elf64_Shdr){21, SHT_STRTAB, SHF_ALLOC, 0, ELF_TEXT + 0x100, sizeof(strings),
				   0,  0,          1,         0};
	s[S_DYNSYM] = (Elf64_Shdr){29, SHT_DYNSYM, SHF_ALLOC, 0, ELF_TEXT + 0x200,
				   72, S_DYNSTR,   0,         8, 24};
	s[S_RELA] =
		(Elf64_Shdr){37, SHT_RELA, SHF_ALLOC, 0, ELF_TEXT + 0x400, 24, S_DYNSYM, 0, 8, 24};
	s[S_NAMES] =
		(Elf64_Shdr){47, SHT_STRTAB, 0, 0, ELF_REST + 0x800, sizeof(names), 0, 0, 1, 0};
	return b;
}

#endif
