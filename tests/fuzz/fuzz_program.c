/* fuzz_program.c - fuzz target: linked programs that become part of an image.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What is made of a file must pass oracle.h, and have in memory what the ELF file's segments say,
 * byte by byte: the oracle reads those for itself.
 */
#include <abi.h>

#include "fuzz_tools.h"
#include "oracle.h"
#include <program.h>
#include <util/archive.h>

/* The byte of the file that belongs to that address, or 0 beyond the file's part; -1: none. */
static int elf_byte(const struct blob *f, uint64_t va)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)f->data;

	for (unsigned int i = 0; i < h->e_phnum; i++) {
		Elf64_Phdr p;

		memcpy(&p, f->data + h->e_phoff + i * sizeof(p), sizeof(p));
		if (p.p_type == PT_LOAD && va >= p.p_vaddr && va - p.p_vaddr < p.p_memsz)
			return va - p.p_vaddr < p.p_filesz ? f->data[p.p_offset + va - p.p_vaddr]
							   : 0;
	}
	return -1;
}

static int program_byte(const struct blob *b, uint64_t va)
{
	const struct exo_program *p = (const struct exo_program *)b->data;

	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];

		if (va >= s->va && va - s->va < s->mem_bytes)
			return va - s->va < s->file_bytes ? b->data[s->offset + va - s->va] : 0;
	}
	return -1;
}

static void check_program(const struct blob *f, const struct blob *b)
{
	const struct exo_program *p = (const struct exo_program *)b->data;
	const char *wrong = oracle_program(p, b->size);

	if (wrong)
		fprintf(stderr, "made: %s\n", wrong);
	must(!wrong && archive_check_program(p, b->size) == ARCHIVE_OK);
	for (uint32_t i = 0; i < p->segments; i++) {
		uint64_t step = p->segment[i].mem_bytes / 256 + 1;

		for (uint64_t at = 0; at < p->segment[i].mem_bytes; at += step) {
			int want = elf_byte(f, p->segment[i].va + at);

			must(program_byte(b, p->segment[i].va + at) == (want < 0 ? 0 : want));
		}
	}
}

/* The application is the file, without what is not loaded. */
static void check_application(const struct blob *f, const struct blob *b)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)b->data;

	must(b->size >= sizeof(*h) + h->e_phnum * sizeof(Elf64_Phdr) && b->size <= f->size);
	must(!h->e_shoff && !h->e_shnum);
	for (unsigned int i = 0; i < h->e_phnum; i++) {
		const Elf64_Phdr *p = (const Elf64_Phdr *)(b->data + sizeof(*h)) + i;

		if (p->p_type != PT_LOAD || !p->p_filesz || p->p_offset < sizeof(*h))
			continue;
		must(holds(b, p->p_offset, p->p_filesz));
		must(!memcmp(b->data + p->p_offset, f->data + p->p_offset, p->p_filesz));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t hot[] = {0,
				       0x20,
				       64,
				       64 + 56,
				       64 + 112,
				       ELF_TEXT,
				       ELF_TEXT + 0x100,
				       ELF_TEXT + 0x200,
				       ELF_TEXT + 0x400,
				       ELF_DATA,
				       ELF_DATA + 0x80,
				       ELF_REST,
				       ELF_REST + 64,
				       ELF_REST + 128,
				       ELF_REST + 192,
				       ELF_REST + 256,
				       ELF_REST + 320};
	struct input in = {data, data + size};
	struct blob sample = elf_sample(0), b;
	uint8_t how = (uint8_t)get_bytes(&in, 1);

	if (!(how & 1)) { /* a program with its libOS inside needs nothing */
		((Elf64_Dyn *)(sample.data + ELF_DATA + 0x80))->d_tag = DT_NULL;
		if (how & 4)
			sample.data[ELF_REST + 64 * S_RELA + 4] = SHT_NULL;
	}
	patch(&in, &sample, hot, sizeof(hot) / sizeof(*hot));
	the_file = (struct blob){copy_of(sample.data, sample.size), sample.size};
	free(sample.data);
	if (!setjmp(died)) {
		if (how & 1) {
			b = application_from_elf("app", "libos", how & 2);
			check_application(&the_file, &b);
		} else {
			b = program_from_elf("program", how & 2);
			check_program(&the_file, &b);
		}
	}
	let_go();
	free(the_file.data);
	return 0;
}
