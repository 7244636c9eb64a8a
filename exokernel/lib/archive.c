/* archive.c - check an archive and find things in it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Any bytes may stand here.  Every sum below is of numbers already known to
 * be small, every other bound is tested by subtraction.
 */
#include <exo/map.h>
#include <exo/version.h>
#include <util/archive.h>
#include <util/crc32c.h>

#define PAGE_REST(x) ((x) & (EXO_PAGE_SIZE - 1))
#define PAGE_UP(x)   (((x) + EXO_PAGE_SIZE - 1) & ~(uint64_t)(EXO_PAGE_SIZE - 1))

static uint32_t head_crc(const struct exo_archive *a)
{
	static const uint32_t zero;
	const size_t at = __builtin_offsetof(struct exo_archive, head_crc);
	uint32_t crc = crc32c(0, a, at);

	crc = crc32c(crc, &zero, sizeof(zero));
	return crc32c(crc, &a->head_crc + 1, a->head_bytes - at - sizeof(zero));
}

static const struct exo_entry *entries(const struct exo_archive *a)
{
	return (const struct exo_entry *)(a + 1);
}

static int named(const struct exo_entry *e)
{
	for (size_t i = 1; i < sizeof(e->name); i++)
		if (!e->name[i])
			return e->name[0] != 0;
	return 0;
}

/* Entries lie behind the header in their order, none on another's page; the
 * images are in order too, each with its program first. */
static enum archive_result check_layout(const struct exo_archive *a)
{
	const struct exo_entry *e = entries(a), *last = e + a->entries;
	uint64_t end = PAGE_UP((uint64_t)a->head_bytes);

	if (PAGE_REST(a->bytes) || end > a->bytes)
		return ARCHIVE_LAYOUT;
	for (; e < last; e++) {
		if (PAGE_REST(e->offset) || e->offset < end || e->offset > a->bytes ||
		    e->bytes > a->bytes - e->offset || !named(e))
			return ARCHIVE_LAYOUT;
		if (e == entries(a) || e->image != e[-1].image) {
			if (e->kind != EXO_ENTRY_PROGRAM)
				return ARCHIVE_LAYOUT;
			if (e != entries(a) && e->image < e[-1].image)
				return ARCHIVE_LAYOUT;
		}
		end = PAGE_UP(e->offset + e->bytes);
	}
	return ARCHIVE_OK;
}

enum archive_result archive_check(const struct exo_archive *a, uint64_t bytes)
{
	if (bytes < sizeof(a->magic) || a->magic != EXO_ARCHIVE_MAGIC)
		return ARCHIVE_MAGIC;
	if (bytes < sizeof(*a))
		return ARCHIVE_TRUNCATED;
	if (a->version != EXO_ABI_VERSION)
		return ARCHIVE_VERSION;
	if (a->entries > EXO_ENTRY_MAX ||
	    a->head_bytes != sizeof(*a) + a->entries * sizeof(struct exo_entry))
		return ARCHIVE_HEAD;
	if (a->head_bytes > bytes)
		return ARCHIVE_TRUNCATED;
	if (head_crc(a) != a->head_crc)
		return ARCHIVE_HEAD;
	if (a->bytes > bytes)
		return ARCHIVE_TRUNCATED;
	return check_layout(a);
}

enum archive_result archive_check_entry(const struct exo_archive *a, const struct exo_entry *e)
{
	return crc32c(0, archive_data(a, e), e->bytes) == e->crc ? ARCHIVE_OK : ARCHIVE_BYTES;
}

/* One segment, given where the one before it ended in memory and in the
 * program's bytes: pages are used in place, so a shared one would be seen
 * under the protections of both. */
static int segment_ok(const struct exo_program *p, const struct exo_segment *s, uint64_t bytes,
		      uint64_t va_end, uint64_t offset_end)
{
	const uint32_t wx = EXO_PROT_WRITE | EXO_PROT_EXEC;

	if (PAGE_REST(s->va) || s->va < va_end || s->va > p->span ||
	    s->mem_bytes > p->span - s->va || s->file_bytes > s->mem_bytes)
		return 0;
	if (s->file_bytes && (PAGE_REST(s->offset) || s->offset < offset_end || s->offset > bytes ||
			      s->file_bytes > bytes - s->offset))
		return 0;
	if (s->zero || !(s->prot & EXO_PROT_READ) || (s->prot & ~(EXO_PROT_READ | wx)))
		return 0;
	return (s->prot & wx) != wx || (p->flags & EXO_PROGRAM_WX);
}

enum archive_result archive_check_program(const struct exo_program *p, uint64_t bytes)
{
	uint64_t va_end = 0, offset_end = EXO_PAGE_SIZE;
	int entered = 0;

	if (bytes < sizeof(*p) || p->magic != EXO_PROGRAM_MAGIC)
		return ARCHIVE_PROGRAM;
	if (p->version != EXO_ABI_VERSION)
		return ARCHIVE_VERSION;
	if (p->segments > EXO_SEGMENT_MAX ||
	    (p->flags & ~(EXO_PROGRAM_WX | EXO_PROGRAM_SEPARATE)) || p->span > EXO_SPAN_MAX)
		return ARCHIVE_PROGRAM;
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];

		if (!segment_ok(p, s, bytes, va_end, offset_end))
			return ARCHIVE_PROGRAM;
		if ((s->prot & EXO_PROT_EXEC) && p->entry >= s->va &&
		    p->entry - s->va < s->mem_bytes)
			entered = 1;
		va_end = PAGE_UP(s->va + s->mem_bytes);
		if (s->file_bytes)
			offset_end = PAGE_UP(s->offset + s->file_bytes);
	}
	return entered && p->span == va_end ? ARCHIVE_OK : ARCHIVE_PROGRAM;
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

const struct exo_entry *archive_find(const struct exo_archive *a, uint32_t image, uint32_t kind,
				     const char *name)
{
	const struct exo_entry *e = entries(a), *last = e + a->entries;

	for (; e < last; e++)
		if (e->image == image && e->kind == kind && (!name || same(e->name, name)))
			return e;
	return NULL;
}

const char *archive_text(enum archive_result r)
{
	static const char *const text[] = {
		[ARCHIVE_OK] = "archive in order",
		[ARCHIVE_MAGIC] = "not an archive",
		[ARCHIVE_VERSION] = "archive or program made for another ABI version",
		[ARCHIVE_TRUNCATED] = "archive truncated",
		[ARCHIVE_HEAD] = "archive header damaged",
		[ARCHIVE_LAYOUT] = "archive entries make no sense",
		[ARCHIVE_BYTES] = "archive contents damaged",
		[ARCHIVE_PROGRAM] = "program header makes no sense",
	};

	return (unsigned)r < sizeof(text) / sizeof(text[0]) ? text[r] : "unknown";
}
