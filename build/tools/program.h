/* program.h - what was linked becomes a part of an image: a flat program, or a module.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "elf_file.h"

enum link_form {
	LINK_FOREIGN, /* not for this system */
	LINK_STATIC,  /* a program with its libOS inside */
	LINK_SHARED,  /* an application that imports libos-posix.so */
	LINK_LIBOS,   /* libos-posix.so */
};

enum link_form link_form(const struct elf_file *e);

/* Read the static PIE or the libOS at `path` as a flat program (exo/archive.h); dies, saying why,
 * of anything else. */
struct blob program_from_elf(const char *path, bool allow_wx);

/* The file as far as it is loaded: no symbols for debuggers, no section headers. */
struct blob elf_loaded(const char *path);

/* Read an application that imports the library `libos`, which must have all that it imports. */
struct blob application_from_elf(const char *path, const char *libos, bool allow_wx);

/* Dies unless it is a program of ours, for this version of the contract; returns the version. */
uint32_t elf_check_origin(const struct elf_file *e);

/* EXO_PROT_* of a segment; dies of write and execute, unless that is allowed. */
uint32_t elf_protection(const struct elf_file *e, const Elf64_Phdr *p, bool allow_wx);

/* The name that the dynamic segment has under that tag, or NULL. */
const char *elf_dynamic_name(const struct elf_file *e, int64_t tag);

#endif
