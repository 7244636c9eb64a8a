/* load_check.c - is this file a program of ours, and does it make sense?
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/load.h>
#include <stdarg.h>
#include <string.h>
#include <util/fmt.h>
#include <vm/vm.h>

bool px_load_refuse(struct px_load *l, const char *format, ...)
{
	va_list args;
	size_t n = strlen(l->from->name);

	if (n > 60)
		n = 60;
	memcpy(l->why, l->from->name, n);
	memcpy(l->why + n, ": ", 3);
	va_start(args, format);
	fmt_vstring(l->why + n + 2, sizeof(l->why) - n - 2, format, args);
	va_end(args);
	return false;
}

static bool whole(const struct px_load *l, uint64_t at, uint64_t n)
{
	return n <= l->from->bytes && at <= l->from->bytes - n;
}

static bool check_head(struct px_load *l, struct elf_head *h)
{
	if (!whole(l, 0, sizeof(*h)) || !l->from->read(l->from, h, 0, sizeof(*h)) ||
	    memcmp(h->ident, ELF_IDENT, 7) != 0 || h->machine != ELF_X86_64)
		return px_load_refuse(l, "not an x86-64 ELF program");
	if (h->type != ELF_SHARED)
		return px_load_refuse(l, h->type == ELF_RELOC
						 ? "an object file, not a linked program"
						 : "not position independent");
	if (h->phentsize != sizeof(struct elf_segment) || h->phnum > 64 ||
	    !whole(l, h->phoff, h->phnum * sizeof(struct elf_segment)))
		return px_load_refuse(l, "damaged: its program headers lie outside the file");
	return true;
}

/* In ascending order, no page shared, inside the file, whole pages at their place in it. */
static bool add_segment(struct px_load *l, const struct elf_segment *s)
{
	uint64_t page = EXO_PAGE_SIZE - 1;

	if (!s->mem_bytes)
		return true;
	if (l->segments == PX_LOAD_SEGMENTS)
		return px_load_refuse(l, "more than %d segments", PX_LOAD_SEGMENTS);
	if (s->va >= EXO_SPAN_MAX || s->mem_bytes > EXO_SPAN_MAX - s->va ||
	    s->file_bytes > s->mem_bytes || ((s->va ^ s->offset) & page))
		return px_load_refuse(l, "damaged: the segment at 0x%lx makes no sense", s->va);
	if ((s->va & ~page) < l->span)
		return px_load_refuse(l, "damaged: the segment at 0x%lx overlaps another", s->va);
	if (!(s->flags & FLAG_READ) || (s->mem_bytes > s->file_bytes && !(s->flags & FLAG_WRITE)))
		return px_load_refuse(l, "damaged: nobody could use the segment at 0x%lx", s->va);
	if (s->flags & FLAG_WRITE && s->flags & FLAG_EXEC && !l->allow_wx)
		return px_load_refuse(l,
				      "the segment at 0x%lx is writable and executable; only an "
				      "image built with --allow-wx may have such",
				      s->va);
	l->span = px_round_up(s->va + s->mem_bytes);
	l->segment[l->segments++] = *s;
	return true;
}

static bool take_segment(struct px_load *l, const struct elf_segment *s)
{
	if (s->type != SEGMENT_LOAD && s->type != SEGMENT_TLS && s->type != SEGMENT_RELRO &&
	    s->type != SEGMENT_DYNAMIC && s->type != SEGMENT_INTERP)
		return true;
	if (s->type != SEGMENT_RELRO && !whole(l, s->offset, s->file_bytes))
		return px_load_refuse(l, "truncated: the segment at 0x%lx ends after the file",
				      s->va);
	switch (s->type) {
	case SEGMENT_LOAD:
		return add_segment(l, s);
	case SEGMENT_INTERP:
		return px_load_refuse(l, "a program for another system (Linux?)");
	case SEGMENT_TLS:
		l->tls = *s;
		break;
	case SEGMENT_RELRO:
		l->relro = *s;
		break;
	case SEGMENT_DYNAMIC:
		l->dynamic = *s;
		break;
	}
	return true;
}

static bool check_tls(struct px_load *l)
{
	struct elf_segment *t = &l->tls;

	if (!t->mem_bytes)
		t->align = 1;
	if (!t->align)
		t->align = 1;
	if (t->align & (t->align - 1) || t->align > (1 << 20) || t->va & (t->align - 1) ||
	    t->mem_bytes > EXO_SPAN_MAX || t->file_bytes > t->mem_bytes)
		return px_load_refuse(l, "damaged: its thread-local segment makes no sense");
	return true;
}

/* It may end with the page, past the last byte. */
static bool check_relro(struct px_load *l)
{
	const struct elf_segment *r = &l->relro;

	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];
		uint64_t end = px_round_up(s->va + s->mem_bytes);

		if (s->flags & FLAG_WRITE && r->va >= s->va && r->va <= end &&
		    r->mem_bytes <= end - r->va)
			return true;
	}
	return !r->mem_bytes || px_load_refuse(l, "damaged: its constants lie outside its data");
}

bool px_load_check(struct px_load *l)
{
	struct elf_segment s;
	struct elf_head h;

	if (!check_head(l, &h))
		return false;
	for (uint32_t i = 0; i < h.phnum; i++) {
		if (!l->from->read(l->from, &s, h.phoff + i * sizeof(s), sizeof(s)))
			return px_load_refuse(l, "its program headers cannot be read");
		if (!take_segment(l, &s))
			return false;
	}
	l->entry = h.entry;
	return check_tls(l) && check_relro(l);
}
