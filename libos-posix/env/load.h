/* load.h - loading a program that imports libos-posix.so.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Nothing in the file is trusted: whatever does not lie where the segments say, or asks for what a
 * loader here does not do, is refused in one sentence.  Runs without a thread: no errno.
 */
#ifndef PX_LOAD_H
#define PX_LOAD_H

#include <env/load_elf.h>
#include <env/program.h>

#define PX_LOAD_SEGMENTS 12

/* Where the bytes of the file come from. */
struct px_source {
	const char *name; /* for sentences */
	uint64_t bytes;
	/* Copy n bytes from `at` on; false if they cannot be had. */
	bool (*read)(const struct px_source *s, void *to, uint64_t at, uint64_t n);
	/* The frame that holds the page at `at`, and those of the next pages, usable where they
	 * lie as long as the program runs; 0: these pages must be copied. */
	exo_pfn_t (*frame)(const struct px_source *s, uint64_t at);
	const void *context;
	struct px_vnode *vnode; /* or NULL: it is this file, to be mapped */
};

/* What binding needs of one loaded object, checked: tables inside read-only segments. */
struct px_object {
	exo_va_t base;
	const struct elf_symbol *symbol;
	const uint32_t *hash; /* buckets, chains, then both */
	uint32_t symbols;
	const char *strings;
	uint64_t strings_bytes;
	const struct elf_rela *rela[2];
	uint64_t relas[2];
};

struct px_load {
	const struct px_source *from;
	bool allow_wx;
	uint64_t entry, span;
	uint32_t segments;
	struct elf_segment segment[PX_LOAD_SEGMENTS]; /* those to load, ascending */
	struct elf_segment tls, relro, dynamic;       /* file_bytes or mem_bytes 0: none */
	struct px_object object;
	struct px_program program;
	char why[200]; /* the sentence, when something failed */
};

/* Take the file apart: head and segments.  The address space is not touched. */
bool px_load_check(struct px_load *l);

/* Put the segments at a random place. */
bool px_load_map(struct px_load *l);

/* Read what the mapped program says of itself: tables, arrays, libraries. */
bool px_load_tables(struct px_load *l);

/* Relocate it, and let the libOS use what it has of libos-posix/interpose.list. */
bool px_load_bind(struct px_load *l);

/* What an object exports under that name, or NULL. */
const struct elf_symbol *px_load_find(const struct px_object *o, const char *name);
uint64_t px_load_address(const struct px_object *o, const struct elf_symbol *s);

/* 0: the program, without symbols before it is loaded; 1: the libOS. */
const struct px_object *px_load_object(int n);

/* Find the libOS's own tables; bind it to itself: before anything else that calls malloc. */
void px_load_find_self(void);
void px_load_self(void);

/* Do to a copy of the libOS's page at va what relocation and px_load_self did to that. */
void px_load_relocate(char *page, exo_va_t va);

/* Fill the rest of a source that is a file. */
void px_load_source(struct px_source *s);

/* May this image have pages that are writable and executable? */
bool px_load_wx(const struct exo_archive *archive, uint32_t image);

/* Load a program and fill px_program; ends the process with one sentence if it cannot. */
void px_load_program(struct px_source *s, bool allow_wx);

/* [va, va + bytes) as the mapped program's memory, if it lies within the file's part of one segment
 * that has all of `flags` and none of `without`; else NULL. */
void *px_load_at(const struct px_load *l, uint64_t va, uint64_t bytes, uint32_t flags,
		 uint32_t without);

/* Keep the sentence; returns false. */
bool px_load_refuse(struct px_load *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
