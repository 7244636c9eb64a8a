/* elf_file.h - look into a 64-bit little-endian ELF file that nobody vouches for.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef ELF_FILE_H
#define ELF_FILE_H

#include "host.h"

#include <elf.h>

struct elf_file {
	const char *path;
	struct blob blob;
	Elf64_Ehdr *head;
	Elf64_Phdr *segment; /* head->e_phnum of them, each inside the file */
	Elf64_Shdr *section; /* head->e_shnum, or none */
};

/* Dies, saying why, if it is no ELF file for this processor. */
struct elf_file elf_open(const char *path, struct blob b);

bool elf_is(const struct blob *b);

/* A section that lies inside the file, or NULL. */
Elf64_Shdr *elf_section(const struct elf_file *e, const char *name);

/* First segment of that type, or NULL. */
Elf64_Phdr *elf_segment(const struct elf_file *e, uint32_t type);

#endif
