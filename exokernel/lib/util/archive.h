/* archive.h - check an archive (exo/archive.h) and find things in it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pure C over memory that the caller can read, aligned to 8 bytes; nothing in it is trusted.
 */
#ifndef UTIL_ARCHIVE_H
#define UTIL_ARCHIVE_H

#include <exo/archive.h>
#include <stddef.h>

enum archive_result {
	ARCHIVE_OK = 0,
	ARCHIVE_MAGIC,		/* not an archive */
	ARCHIVE_VERSION,	/* made for another version of the contract */
	ARCHIVE_TRUNCATED,	/* shorter than its header says */
	ARCHIVE_HEAD,		/* header or entries damaged (checksum) */
	ARCHIVE_LAYOUT,		/* an entry lies outside, is unaligned or unnamed */
	ARCHIVE_BYTES,		/* an entry's bytes are damaged (checksum) */
	ARCHIVE_PROGRAM,	/* a program's header makes no sense */
};

/* Header and entries, given the `bytes` that are there: entries in the order of their offsets,
 * none sharing a page, each with a name; images in ascending order, each with its PROGRAM first.
 * Entries' contents are not looked at. */
enum archive_result archive_check(const struct exo_archive *a, uint64_t bytes);

/* One entry's bytes against its checksum. */
enum archive_result archive_check_entry(const struct exo_archive *a, const struct exo_entry *e);

/* A program entry's header and segments: everything inside the entry, segments ascending and
 * disjoint both in memory and in the entry, whose first page is the header's alone; no write and
 * execute without the flag; the entry point inside an executable segment. */
enum archive_result archive_check_program(const struct exo_program *p, uint64_t bytes);

/* First entry of image and kind (and name, unless NULL) in a checked archive, or NULL. */
const struct exo_entry *archive_find(const struct exo_archive *a, uint32_t image, uint32_t kind,
				     const char *name);

const char *archive_text(enum archive_result r);

static inline const void *archive_data(const struct exo_archive *a, const struct exo_entry *e)
{
	return (const char *)a + e->offset;
}

#endif
