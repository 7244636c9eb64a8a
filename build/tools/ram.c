/* ram.c - how much RAM an image needs, as far as that can be computed.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "elf_file.h"
#include "image.h"
#include "shares.h"

#include <abi.h>
#include <exo/map.h>
#include <string.h>
#include <util/archive.h>

/* What a libOS takes besides the bytes that are in the image: page tables, activations, stacks. */
#define WORKING_BYTES (384ull << 10)
#define LOW_MEMORY    (1ull << 20)
/* What the steward keeps to work with, and what it leaves over because images begin at multiples of
 * 2 MiB. */
#define STEWARD_BYTES (4ull << 20)
/* The kernel has 16 bytes for each frame of RAM. */
#define FRAME_TABLE(bytes) ((bytes) / (PAGE / 16))
#define MIB                (1ull << 20)
#define UP(n, to)          (((n) + (to)-1) / (to) * (to))

static uint64_t kernel_bytes(const struct blob *kernel)
{
	struct elf_file e = elf_open("kernel", *kernel);
	uint64_t end = LOW_MEMORY;

	for (unsigned int i = 0; i < e.head->e_phnum; i++) {
		const Elf64_Phdr *p = &e.segment[i];

		if (p->p_type == PT_LOAD && p->p_paddr + p->p_memsz > end)
			end = p->p_paddr + p->p_memsz;
	}
	return PAGE_UP(end) - LOW_MEMORY;
}

/* Of an application that the libOS loads: its data; the rest is used where the archive lies. */
static uint64_t copied_bytes(const struct exo_archive *a, const struct exo_entry *e)
{
	struct blob b = entry_blob(a, e);
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)b.data;
	uint64_t sum = 0;

	/* One that is damaged costs nothing: the libOS refuses it. */
	if (b.size < sizeof(*h) || h->e_phoff % 8 != 0 ||
	    !holds(&b, h->e_phoff, h->e_phnum * sizeof(Elf64_Phdr)))
		return 0;
	for (unsigned int i = 0; i < h->e_phnum; i++) {
		const Elf64_Phdr *p = (const Elf64_Phdr *)(b.data + h->e_phoff) + i;

		if (p->p_type == PT_LOAD && p->p_flags & PF_W && p->p_memsz <= EXO_SPAN_MAX)
			sum += PAGE_UP(p->p_vaddr % PAGE + p->p_memsz);
	}
	return sum;
}

bool is_application(const struct exo_entry *e)
{
	return e->kind == EXO_ENTRY_MODULE && strcmp(e->name, PX_APPLICATION) == 0;
}

struct blob entry_blob(const struct exo_archive *a, const struct exo_entry *e)
{
	return (struct blob){(uint8_t *)a + e->offset, e->bytes};
}

uint64_t archive_needs(const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);
	uint64_t sum = WORKING_BYTES;

	for (uint32_t i = 0; i < a->entries; i++, e++) {
		const struct exo_program *p = archive_data(a, e);

		if (is_application(e))
			sum += copied_bytes(a, e);
		if (e->kind != EXO_ENTRY_PROGRAM)
			continue;
		for (uint32_t s = 0; s < p->segments; s++)
			if (p->segment[s].prot & EXO_PROT_WRITE)
				sum += PAGE_UP(p->segment[s].mem_bytes);
	}
	return sum;
}

uint64_t machine_needs(const struct blob *kernel, const struct blob *archive, bool beside,
		       const struct shares *shares)
{
	uint64_t sum = LOW_MEMORY + archive_needs(archive), images = 0;

	if (kernel->data)
		sum += kernel_bytes(kernel);
	if (beside)
		sum += archive->size;
	if (shares)
		images = shares_started(shares) + STEWARD_BYTES;
	return UP(sum + images + FRAME_TABLE(images), MIB);
}

uint64_t machine_default(uint64_t least, const struct shares *shares)
{
	uint64_t later = shares_all(shares) - shares_started(shares);

	return UP(least + later + (least + later) / 16 + 24 * MIB, 16 * MIB);
}

uint64_t least_ram(const struct image *image)
{
	static struct shares shares;
	bool several = images_list(&shares, "image", &image->archive);

	/* A boot loader puts the archive beside the kernel; an .elf has it in the kernel. */
	return machine_needs(&image->kernel, &image->archive, strcmp(image->format, "elf") != 0,
			     several ? &shares : NULL);
}
