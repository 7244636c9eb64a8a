/* embed.c - put an archive into the kernel's file, so that one ELF boots.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The archive becomes one more segment behind the kernel in physical memory,
 * and the record in section .exo.embed says where.  Boot loaders look for
 * program headers in the first 32 KiB only, and behind the old ones there may
 * be no room: everything moves up by a page and the headers get that page.
 */
#include "elf_file.h"
#include "image.h"

#include <string.h>

struct record {          /* contents of .exo.embed */
	uint64_t offset; /* physical, from the kernel's first byte */
	uint64_t bytes;
};

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

/* The new file's first page: ELF header and program headers, all offsets a page higher. */
static Elf64_Phdr *copy_headers(const struct elf_file *e, uint8_t *page)
{
	Elf64_Ehdr *head = (Elf64_Ehdr *)page;
	Elf64_Phdr *p = (Elf64_Phdr *)(head + 1);

	if (sizeof(*head) + (e->head->e_phnum + 1) * sizeof(*p) > PAGE)
		die("%s: too many program headers", e->path);
	*head = *e->head;
	head->e_phoff = sizeof(*head);
	head->e_shoff += head->e_shnum ? PAGE : 0;
	for (unsigned int i = 0; i < e->head->e_phnum; i++, p++) {
		*p = e->segment[i];
		p->p_offset += PAGE;
	}
	for (unsigned int i = 1; i < e->head->e_shnum; i++)
		e->section[i].sh_offset += PAGE;
	head->e_phnum++;
	return p;
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
	b.size = PAGE + PAGE_UP(e.blob.size) + archive.size;
	b.data = zalloc(b.size);
	p = copy_headers(&e, b.data);
	*p = (Elf64_Phdr){.p_type = PT_LOAD,
			  .p_flags = PF_R,
			  .p_align = PAGE,
			  .p_offset = b.size - archive.size,
			  .p_paddr = end,
			  .p_vaddr = end + high_half,
			  .p_filesz = archive.size,
			  .p_memsz = archive.size};
	memcpy(b.data + PAGE, e.blob.data, e.blob.size);
	memcpy(b.data + p->p_offset, archive.data, archive.size);
	return b;
}
