/* shared.c - an application that imports libos-posix.so: what it must be, and its part of an image.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The libOS checks it all again when it loads it; here whoever builds the image is told.
 */
#include "elf_file.h"
#include "program.h"

#include <abi.h>
#include <exo/archive.h>
#include <exo/version.h>
#include <string.h>

/* A table of fixed-size entries, by the kind of its section. */
static const void *table(const struct elf_file *e, uint32_t type, uint64_t size, uint64_t *count,
			 const Elf64_Shdr **section)
{
	for (unsigned int i = 0; i < e->head->e_shnum; i++) {
		const Elf64_Shdr *s = &e->section[i];

		if (s->sh_type != type || !(s->sh_flags & SHF_ALLOC))
			continue;
		if (!holds(&e->blob, s->sh_offset, s->sh_size) || s->sh_offset % 8 != 0)
			die("%s: damaged: a table lies outside the file", e->path);
		*count = s->sh_size / size;
		if (section)
			*section = s;
		return e->blob.data + s->sh_offset;
	}
	*count = 0;
	return NULL;
}

struct symbols {
	const Elf64_Sym *symbol;
	uint64_t count;
	const char *strings;
	uint64_t bytes;
};

static struct symbols symbols_of(const struct elf_file *e)
{
	const Elf64_Shdr *own = NULL, *strings;
	struct symbols s = {0};

	s.symbol = table(e, SHT_DYNSYM, sizeof(Elf64_Sym), &s.count, &own);
	if (!s.symbol)
		return s;
	strings = own->sh_link < e->head->e_shnum ? &e->section[own->sh_link] : NULL;
	if (!strings || !strings->sh_size ||
	    !holds(&e->blob, strings->sh_offset, strings->sh_size) ||
	    e->blob.data[strings->sh_offset + strings->sh_size - 1])
		die("%s: damaged: its symbols have no names", e->path);
	s.strings = (const char *)e->blob.data + strings->sh_offset;
	s.bytes = strings->sh_size;
	return s;
}

static const char *name_of(const struct elf_file *e, const struct symbols *s, uint64_t i)
{
	if (s->symbol[i].st_name >= s->bytes)
		die("%s: damaged: symbol %lu has no name", e->path, (unsigned long)i);
	return s->strings + s->symbol[i].st_name;
}

static bool exports(const struct elf_file *e, const struct symbols *s, const char *name)
{
	for (uint64_t i = 1; i < s->count; i++)
		if (s->symbol[i].st_shndx != SHN_UNDEF && strcmp(name_of(e, s, i), name) == 0)
			return true;
	return false;
}

/* All at once: who has to write a missing function wants to know of the next one too. */
static void check_imports(const struct elf_file *app, const struct elf_file *libos)
{
	struct symbols want = symbols_of(app), have = symbols_of(libos);
	unsigned int missing = 0;

	for (uint64_t i = 1; i < want.count; i++) {
		const char *name = name_of(app, &want, i);

		if (want.symbol[i].st_shndx != SHN_UNDEF ||
		    ELF64_ST_BIND(want.symbol[i].st_info) == STB_WEAK ||
		    exports(libos, &have, name))
			continue;
		fprintf(stderr, "%s: %s: undefined symbol: %s\n", tool, app->path, name);
		missing++;
	}
	if (missing)
		die("%s: %u name%s that this libOS does not have: link it again", app->path,
		    missing, missing == 1 ? "" : "s");
}

static void check_mark(const struct elf_file *e)
{
	const Elf64_Shdr *s = elf_section(e, ".exo.abi");
	uint32_t mark[2];

	if (!s || s->sh_size < sizeof(mark))
		die("%s: it does not say for which libOS it was linked; link it with exo-cc",
		    e->path);
	memcpy(mark, e->blob.data + s->sh_offset, sizeof(mark));
	if (mark[1] != PX_ABI_VERSION)
		die("%s: linked for version %u of libos-posix, this is version %u: link it again",
		    e->path, mark[1], PX_ABI_VERSION);
}

static void check_relocations(const struct elf_file *e)
{
	for (unsigned int i = 0; i < e->head->e_shnum; i++) {
		const Elf64_Shdr *s = &e->section[i];
		const Elf64_Rela *r;

		if (s->sh_type != SHT_RELA || !(s->sh_flags & SHF_ALLOC))
			continue;
		if (!holds(&e->blob, s->sh_offset, s->sh_size) || s->sh_offset % 8 != 0)
			die("%s: damaged: relocations lie outside the file", e->path);
		r = (const Elf64_Rela *)(e->blob.data + s->sh_offset);
		for (uint64_t n = s->sh_size / sizeof(*r); n > 0; n--, r++)
			switch (ELF64_R_TYPE(r->r_info)) {
			case R_X86_64_COPY:
				die("%s: wants a copy of a variable of the libOS: compile all of "
				    "it "
				    "with exo-cc",
				    e->path);
			case R_X86_64_IRELATIVE:
				die("%s: has a resolver function (ifunc), which cannot be bound "
				    "here",
				    e->path);
			default:
				break;
			}
	}
}

enum link_form link_form(const struct elf_file *e)
{
	const char *needed = elf_dynamic_name(e, DT_NEEDED);
	const char *own = elf_dynamic_name(e, DT_SONAME);

	if (!elf_section(e, ".exo.abi"))
		return LINK_FOREIGN;
	if (own && strcmp(own, PX_LIBRARY) == 0)
		return LINK_LIBOS;
	return needed && strcmp(needed, PX_LIBRARY) == 0 ? LINK_SHARED : LINK_STATIC;
}

struct blob elf_loaded(const char *path)
{
	struct elf_file e = elf_open(path, read_file(path));
	Elf64_Ehdr head = *e.head;
	struct blob b = {NULL, sizeof(head) + head.e_phnum * sizeof(Elf64_Phdr)};

	for (unsigned int i = 0; i < head.e_phnum; i++) {
		const Elf64_Phdr *p = &e.segment[i];

		if (p->p_type == PT_LOAD && p->p_offset + p->p_filesz > b.size)
			b.size = p->p_offset + p->p_filesz;
	}
	b.data = zalloc(b.size);
	memcpy(b.data, e.blob.data, b.size);
	head.e_shoff = 0;
	head.e_shnum = head.e_shstrndx = 0;
	memcpy(b.data, &head, sizeof(head));
	return b;
}

struct blob application_from_elf(const char *path, const char *libos, bool allow_wx)
{
	struct elf_file e = elf_open(path, read_file(path));
	struct elf_file l = elf_open(libos, read_file(libos));

	elf_check_origin(&e);
	if (e.head->e_phoff != sizeof(Elf64_Ehdr))
		die("%s: damaged: its program headers are not where the linker puts them", path);
	check_mark(&e);
	check_relocations(&e);
	check_imports(&e, &l);
	for (unsigned int i = 0; i < e.head->e_phnum; i++) {
		const Elf64_Phdr *p = &e.segment[i];

		if (p->p_type != PT_LOAD)
			continue;
		elf_protection(&e, p, allow_wx);
		if (p->p_vaddr >= EXO_SPAN_MAX || p->p_memsz > EXO_SPAN_MAX - p->p_vaddr)
			die("%s: the segment at 0x%lx ends above %d MiB, the limit of one program",
			    path, (unsigned long)p->p_vaddr, EXO_SPAN_MAX >> 20);
	}
	return elf_loaded(path);
}
