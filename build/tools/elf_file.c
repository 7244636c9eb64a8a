/* elf_file.c - look into a 64-bit little-endian ELF file that nobody vouches for.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "elf_file.h"

#include <string.h>

bool elf_is(const struct blob *b)
{
	return b->size >= SELFMAG && memcmp(b->data, ELFMAG, SELFMAG) == 0;
}

static const char *machine_name(unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} known[] = {{EM_386, "32-bit x86"}, {EM_ARM, "32-bit ARM"}, {EM_AARCH64, "64-bit ARM"},
		     {EM_RISCV, "RISC-V"},   {EM_PPC64, "POWER"},    {EM_S390, "S/390"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].machine == machine)
			return known[i].name;
	return "another processor";
}

static void check_segments(const struct elf_file *e)
{
	for (unsigned int i = 0; i < e->head->e_phnum; i++) {
		const Elf64_Phdr *p = &e->segment[i];

		if (!holds(&e->blob, p->p_offset, p->p_filesz))
			die("%s: truncated: segment %u ends after the file", e->path, i);
		if (p->p_type == PT_LOAD && p->p_filesz > p->p_memsz)
			die("%s: damaged: segment %u has more bytes in the file than in memory",
			    e->path, i);
	}
}

struct elf_file elf_open(const char *path, struct blob b)
{
	struct elf_file e = {.path = path, .blob = b, .head = (Elf64_Ehdr *)b.data};
	const unsigned char *id = b.data;

	if (!elf_is(&b))
		die("%s: not an ELF file", path);
	if (b.size < sizeof(Elf64_Ehdr))
		die("%s: truncated ELF file", path);
	if (id[EI_DATA] != ELFDATA2LSB || e.head->e_machine != EM_X86_64)
		die("%s: built for %s, not for x86-64", path,
		    id[EI_DATA] == ELFDATA2LSB ? machine_name(e.head->e_machine)
					       : "a big-endian processor");
	if (id[EI_CLASS] != ELFCLASS64)
		die("%s: a 32-bit program; 64-bit is needed", path);
	if (e.head->e_phnum &&
	    (e.head->e_phentsize != sizeof(Elf64_Phdr) || e.head->e_phoff % 8 != 0 ||
	     !holds(&b, e.head->e_phoff, e.head->e_phnum * sizeof(Elf64_Phdr))))
		die("%s: truncated or damaged: the program headers lie outside the file", path);
	e.segment = (Elf64_Phdr *)(b.data + e.head->e_phoff);
	check_segments(&e);
	if (e.head->e_shnum &&
	    (e.head->e_shentsize != sizeof(Elf64_Shdr) || e.head->e_shoff % 8 != 0 ||
	     !holds(&b, e.head->e_shoff, e.head->e_shnum * sizeof(Elf64_Shdr))))
		die("%s: truncated or damaged: the section headers lie outside the file", path);
	e.section = (Elf64_Shdr *)(b.data + e.head->e_shoff);
	return e;
}

Elf64_Shdr *elf_section(const struct elf_file *e, const char *name)
{
	Elf64_Shdr *names;

	if (!e->head->e_shnum || e->head->e_shstrndx >= e->head->e_shnum)
		return NULL;
	names = &e->section[e->head->e_shstrndx];
	if (!holds(&e->blob, names->sh_offset, names->sh_size) || names->sh_type == SHT_NOBITS)
		return NULL;
	for (unsigned int i = 1; i < e->head->e_shnum; i++) {
		Elf64_Shdr *s = &e->section[i];
		size_t n = strlen(name) + 1;

		if (s->sh_name > names->sh_size || n > names->sh_size - s->sh_name ||
		    memcmp(e->blob.data + names->sh_offset + s->sh_name, name, n) != 0)
			continue;
		if (s->sh_type == SHT_NOBITS || !holds(&e->blob, s->sh_offset, s->sh_size))
			return NULL;
		return s;
	}
	return NULL;
}

Elf64_Phdr *elf_segment(const struct elf_file *e, uint32_t type)
{
	for (unsigned int i = 0; i < e->head->e_phnum; i++)
		if (e->segment[i].p_type == type)
			return &e->segment[i];
	return NULL;
}
