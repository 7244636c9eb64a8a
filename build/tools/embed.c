/* embed.c - put an archive into the kernel's file, so that one ELF boots.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The archive becomes one more segment behind the kernel in physical memory,
 * and the record in section .exo.embed says where.  Program headers grow in
 * place: boot loaders look for them in the first 32 KiB only.
 */
#include "elf_file.h"
#include "image.h"

#include <string.h>

struct record {          /* contents of .exo.embed */
	uint64_t offset; /* physical, from the kernel's first byte */
	uint64_t bytes;
};

/* Where the bytes behind the program headers begin to mean something. */
static uint64_t headers_end(const struct elf_file *e)
{
	uint64_t end = e->blob.size;

	for (unsigned int i = 0; i < e->head->e_phnum; i++)
		if (e->segment[i].p_filesz && e->segment[i].p_offset &&
		    e->segment[i].p_offset < end)
			end = e->segment[i].p_offset;
	for (unsigned int i = 1; i < e->head->e_shnum; i++)
		if (e->section[i].sh_type != SHT_NOBITS && e->section[i].sh_size &&
		    e->section[i].sh_offset < end)
			end = e->section[i].sh_offset;
	if (e->head->e_shoff && e->head->e_shoff < end)
		end = e->head->e_shoff;
	return end;
}

/* A new segment's header: an unused one, or one more. */
static Elf64_Phdr *new_segment(struct elf_file *e)
{
	Elf64_Phdr *spare = elf_segment(e, PT_NULL);
	uint64_t table_end = e->head->e_phoff + e->head->e_phnum * sizeof(*spare);

	if (spare)
		return spare;
	if (table_end + sizeof(*spare) > headers_end(e))
		die("%s: no room for one more program header", e->path);
	return &e->segment[e->head->e_phnum++];
}

/* Physical bounds of the kernel; false if it loads nothing. */
static bool bounds(const struct elf_file *e, uint64_t *first, uint64_t *end, uint64_t *high_half)
{
	*first = UINT64_MAX;
	*end = 0;
	for (unsigned int i = 0; i < e->head->e_phnum; i++) {
		const Elf64_Phdr *p = &e->segment[i];

		if (p->p_type != PT_LOAD)
			continue;
		if (p->p_paddr < *first)
			*first = p->p_paddr;
		if (p->p_paddr + p->p_memsz > *end) {
			*end = p->p_paddr + p->p_memsz;
			*high_half = p->p_vaddr - p->p_paddr;
		}
	}
	return *end != 0;
}

struct blob kernel_embed(const char *kernel_path, const char *archive_path)
{
	struct elf_file e = elf_open(kernel_path, read_file(kernel_path));
	struct blob archive = read_file(archive_path), b;
	const Elf64_Shdr *s = elf_section(&e, ".exo.embed");
	uint64_t first, end, high_half = 0;
	struct record record;
	Elf64_Phdr *p;

	if (!s || s->sh_size < sizeof(record) || !bounds(&e, &first, &end, &high_half))
		die("%s: not an exokernel: it has no .exo.embed", kernel_path);
	archive_verify(archive_path, &archive);
	end = PAGE_UP(end);
	record = (struct record){end - first, archive.size};
	memcpy(e.blob.data + s->sh_offset, &record, sizeof(record));
	p = new_segment(&e);
	*p = (Elf64_Phdr){.p_type = PT_LOAD,
			  .p_flags = PF_R,
			  .p_align = PAGE,
			  .p_offset = PAGE_UP(e.blob.size),
			  .p_paddr = end,
			  .p_vaddr = end + high_half,
			  .p_filesz = archive.size,
			  .p_memsz = archive.size};
	b.size = p->p_offset + archive.size;
	b.data = zalloc(b.size);
	memcpy(b.data, e.blob.data, e.blob.size);
	memcpy(b.data + p->p_offset, archive.data, archive.size);
	return b;
}
