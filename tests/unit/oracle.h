/* oracle.h - what a checked archive or program promises, said a second way.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Written over 128-bit integers and pages counted one by one, so that it
 * shares no arithmetic with what it judges.  Used by test_program.c and by
 * the fuzz target.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <exo/archive.h>
#include <exo/map.h>
#include <exo/version.h>
#include <string.h>

typedef unsigned __int128 wide;

/* Pages [a, a + n) and [b, b + m) in bytes: do they meet? */
static inline int oracle_meet(wide a, wide n, wide b, wide m)
{
	wide a_end = (a + n + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE, a_page = a / EXO_PAGE_SIZE;
	wide b_end = (b + m + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE, b_page = b / EXO_PAGE_SIZE;

	return n && m && a_page < b_end && b_page < a_end;
}

/* Returns NULL, or what is wrong with a program that was accepted. */
static inline const char *oracle_program(const struct exo_program *p, uint64_t bytes)
{
	wide end = 0;
	int entered = 0;

	if (bytes < sizeof(*p) || p->segments > EXO_SEGMENT_MAX)
		return "header";
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];

		if ((wide)s->va + s->mem_bytes > EXO_SPAN_MAX || s->va % EXO_PAGE_SIZE)
			return "memory outside the span";
		if (s->file_bytes && ((wide)s->offset + s->file_bytes > bytes ||
				      s->offset % EXO_PAGE_SIZE || s->file_bytes > s->mem_bytes))
			return "bytes outside the entry";
		if ((s->prot & EXO_PROT_WRITE) && (s->prot & EXO_PROT_EXEC) &&
		    !(p->flags & EXO_PROGRAM_WX))
			return "write and execute";
		if (s->file_bytes && oracle_meet(s->offset, s->file_bytes, 0, sizeof(*p)))
			return "header in a segment";
		for (uint32_t j = 0; j < i; j++) {
			const struct exo_segment *t = &p->segment[j];

			if (t->va > s->va || oracle_meet(t->va, t->mem_bytes, s->va, s->mem_bytes))
				return "segments meet in memory";
			if (oracle_meet(t->offset, t->file_bytes, s->offset, s->file_bytes))
				return "segments meet in the entry";
		}
		entered |= (s->prot & EXO_PROT_EXEC) && p->entry >= s->va &&
			   p->entry < (wide)s->va + s->mem_bytes;
		end = (wide)s->va + s->mem_bytes;
	}
	if (!entered)
		return "entry point";
	return (end + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE * EXO_PAGE_SIZE == p->span ? NULL : "span";
}

/* The same for an archive. */
static inline const char *oracle_archive(const struct exo_archive *a, uint64_t bytes)
{
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);
	wide head = sizeof(*a) + (wide)a->entries * sizeof(*e);

	if (a->bytes > bytes || head > a->bytes || a->bytes % EXO_PAGE_SIZE)
		return "header";
	for (uint32_t i = 0; i < a->entries; i++) {
		if (e[i].offset % EXO_PAGE_SIZE || (wide)e[i].offset + e[i].bytes > a->bytes)
			return "entry outside";
		if (oracle_meet(e[i].offset, e[i].bytes, 0, head))
			return "entry on the header";
		if (!e[i].name[0] || !memchr(e[i].name, 0, sizeof(e[i].name)))
			return "name";
		for (uint32_t j = 0; j < i; j++)
			if (oracle_meet(e[j].offset, e[j].bytes, e[i].offset, e[i].bytes))
				return "entries meet";
	}
	return NULL;
}

#endif
