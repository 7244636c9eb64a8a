/* program.c - a linked application becomes a flat program (exo/archive.h).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The kernel maps segments and jumps; whatever it would otherwise have to
 * understand about ELF is understood, and refused by name, here.
 */
#include "program.h"

#include <exo/archive.h>
#include <exo/map.h>
#include <exo/version.h>
#include <string.h>

/* Is it ours at all?  The section's presence tells; its value is the version
 * of the contract that the application was built for. */
uint32_t elf_check_origin(const struct elf_file *e)
{
	const Elf64_Shdr *abi = elf_section(e, ".exo.abi");
	uint32_t version;

	if (elf_segment(e, PT_INTERP))
		die("%s: a dynamically linked program for another system (Linux?); build it with "
		    "exo-build.sh",
		    e->path);
	if (e->head->e_type == ET_REL)
		die("%s: an object file, not a linked program", e->path);
	if (!abi || abi->sh_size < sizeof(version))
		die("%s: a program for another system (Linux?): it has no .exo.abi; build it with "
		    "exo-build.sh",
		    e->path);
	memcpy(&version, e->blob.data + abi->sh_offset, sizeof(version));
	if (version != EXO_ABI_VERSION)
		die("%s: built for version %u of the exokernel's ABI, this is version %u: build it "
		    "again",
		    e->path, version, EXO_ABI_VERSION);
	if (e->head->e_type != ET_DYN)
		die("%s: not position independent; build it with exo-build.sh", e->path);
	return version;
}

const char *elf_dynamic_name(const struct elf_file *e, int64_t tag)
{
	const Elf64_Phdr *p = elf_segment(e, PT_DYNAMIC);
	const Elf64_Shdr *strings = elf_section(e, ".dynstr");

	if (!p || p->p_offset % 8 != 0 || !strings || !strings->sh_size ||
	    e->blob.data[strings->sh_offset + strings->sh_size - 1])
		return NULL;
	for (uint64_t i = 0; i < p->p_filesz / sizeof(Elf64_Dyn); i++) {
		const Elf64_Dyn *d = (const Elf64_Dyn *)(e->blob.data + p->p_offset) + i;

		if (d->d_tag == DT_NULL)
			break;
		if (d->d_tag == tag && d->d_un.d_val < strings->sh_size)
			return (const char *)e->blob.data + strings->sh_offset + d->d_un.d_val;
	}
	return NULL;
}

/* The program relocates itself and knows one kind of relocation; the libOS, what it exports too. */
static void check_relocations(const struct elf_file *e)
{
	bool libos = link_form(e) == LINK_LIBOS;

	if (elf_dynamic_name(e, DT_NEEDED))
		die("%s: needs shared libraries", e->path);
	for (unsigned int i = 0; i < e->head->e_shnum; i++) {
		const Elf64_Shdr *s = &e->section[i];
		const Elf64_Rela *r;

		if (s->sh_type != SHT_RELA || !(s->sh_flags & SHF_ALLOC))
			continue;
		if (!holds(&e->blob, s->sh_offset, s->sh_size) || s->sh_offset % 8 != 0)
			die("%s: damaged: relocations lie outside the file", e->path);
		r = (const Elf64_Rela *)(e->blob.data + s->sh_offset);
		for (uint64_t n = s->sh_size / sizeof(*r); n > 0; n--, r++)
			if (ELF64_R_TYPE(r->r_info) != R_X86_64_RELATIVE &&
			    !(libos && ELF64_R_TYPE(r->r_info) == R_X86_64_JUMP_SLOT))
				die("%s: relocation of type %u at 0x%lx, which only a dynamic "
				    "linker could do",
				    e->path, (unsigned int)ELF64_R_TYPE(r->r_info),
				    (unsigned long)r->r_offset);
	}
}

uint32_t elf_protection(const struct elf_file *e, const Elf64_Phdr *p, bool allow_wx)
{
	uint32_t prot = EXO_PROT_READ;

	if (p->p_flags & PF_W)
		prot |= EXO_PROT_WRITE;
	if (p->p_flags & PF_X)
		prot |= EXO_PROT_EXEC;
	if (prot == (EXO_PROT_READ | EXO_PROT_WRITE | EXO_PROT_EXEC) && !allow_wx)
		die("%s: the segment at 0x%lx is writable and executable; --allow-wx permits that",
		    e->path, (unsigned long)p->p_vaddr);
	return prot;
}

/* Plan the segments: addresses, and where their bytes will lie. */
static uint64_t plan(struct exo_program *h, const struct elf_file *e, bool allow_wx)
{
	uint64_t at = PAGE_UP(sizeof(*h)), end = 0;

	for (unsigned int i = 0; i < e->head->e_phnum; i++) {
		const Elf64_Phdr *p = &e->segment[i];
		struct exo_segment *s = &h->segment[h->segments];
		uint64_t front = p->p_vaddr % PAGE;

		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (h->segments == EXO_SEGMENT_MAX)
			die("%s: more than %d segments", e->path, EXO_SEGMENT_MAX);
		if (p->p_vaddr >= EXO_SPAN_MAX || p->p_memsz > EXO_SPAN_MAX - p->p_vaddr)
			die("%s: the segment at 0x%lx ends above %d MiB, the limit of one program",
			    e->path, (unsigned long)p->p_vaddr, EXO_SPAN_MAX >> 20);
		if (p->p_vaddr - front < end)
			die("%s: the segment at 0x%lx shares a page with the one before it",
			    e->path, (unsigned long)p->p_vaddr);
		s->va = p->p_vaddr - front;
		s->file_bytes = p->p_filesz ? front + p->p_filesz : 0;
		s->mem_bytes = front + p->p_memsz;
		s->offset = s->file_bytes ? at : 0;
		s->prot = elf_protection(e, p, allow_wx);
		at += PAGE_UP(s->file_bytes);
		end = PAGE_UP(p->p_vaddr + p->p_memsz);
		h->segments++;
	}
	h->span = end;
	return at;
}

static bool entry_fits(const struct exo_program *h)
{
	for (uint32_t i = 0; i < h->segments; i++) {
		const struct exo_segment *s = &h->segment[i];

		if (h->entry >= s->va && h->entry - s->va < s->file_bytes)
			return s->prot & EXO_PROT_EXEC;
	}
	return false;
}

struct blob program_from_elf(const char *path, bool allow_wx)
{
	struct elf_file e = elf_open(path, read_file(path));
	struct exo_program h = {.magic = EXO_PROGRAM_MAGIC};
	struct blob b;
	uint32_t n = 0;

	h.version = elf_check_origin(&e);
	check_relocations(&e);
	h.flags = allow_wx ? EXO_PROGRAM_WX : 0;
	h.entry = e.head->e_entry;
	b.size = plan(&h, &e, allow_wx);
	if (!entry_fits(&h))
		die("%s: its entry 0x%lx is not in an executable segment", path,
		    (unsigned long)h.entry);
	b.data = zalloc(b.size);
	memcpy(b.data, &h, sizeof(h));
	for (unsigned int i = 0; i < e.head->e_phnum; i++) {
		const Elf64_Phdr *p = &e.segment[i];

		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (p->p_filesz)
			memcpy(b.data + h.segment[n].offset + p->p_vaddr % PAGE,
			       e.blob.data + p->p_offset, p->p_filesz);
		n++;
	}
	return b;
}
