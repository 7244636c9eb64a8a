/* load_map.c - a checked program's segments, at a random place in the address space.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What nobody writes is used where the file lies, if its frames can be mapped; the data is copied.
 */
#include <env/arena.h>
#include <env/load.h>
#include <env/process.h>
#include <exo/cap.h>
#include <string.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define AROUND 16 /* pages filled at a time where they begin as zero */

static uint32_t protection(const struct elf_segment *s)
{
	return EXO_PROT_READ | (s->flags & FLAG_WRITE ? EXO_PROT_WRITE : 0) |
	       (s->flags & FLAG_EXEC ? EXO_PROT_EXEC : 0);
}

static bool copy(const struct px_load *l, const struct elf_segment *s, exo_va_t va)
{
	uint64_t pages = px_round_up(s->va % EXO_PAGE_SIZE + s->mem_bytes) >> EXO_PAGE_SHIFT;
	uint32_t prot = protection(s);

	if (px_map_now(va, pages) < 0 ||
	    !l->from->read(l->from, (void *)(l->object.base + s->va), s->offset, s->file_bytes))
		return false;
	return prot == (EXO_PROT_READ | EXO_PROT_WRITE) ||
	       xo_protect_run(&px_space, va, pages, prot, EXO_SLOT_MEMORY) == 0;
}

static bool add_region(const struct px_region *r)
{
	bool good = px_spare() && (!r->vnode || px_mapped_add(px_me, r->vnode, 1));

	if (good) {
		px_space_enter();
		px_put(r);
		px_leave();
	}
	return good;
}

/* A segment of a file: its pages are the file's until they are written, zeros beyond. */
static bool map_file(const struct px_load *l, const struct elf_segment *s, exo_va_t va)
{
	uint64_t front = s->va % EXO_PAGE_SIZE;
	exo_va_t end = va + front + s->file_bytes, top = px_round_up(va + front + s->mem_bytes);
	bool own = s->flags & FLAG_WRITE;
	struct px_region r = {.start = va,
			      .end = s->file_bytes ? px_round_up(end) : va,
			      .prot = (uint8_t)protection(s),
			      .around = AROUND,
			      .flags = own ? PX_R_CHARGED : 0,
			      .vnode = l->from->vnode,
			      .offset = s->offset - front,
			      .name = "program"};

	if (s->file_bytes && !add_region(&r))
		return false;
	if (s->file_bytes && s->mem_bytes > s->file_bytes && end % EXO_PAGE_SIZE)
		memset((void *)end, 0, EXO_PAGE_SIZE - end % EXO_PAGE_SIZE);
	r.start = r.end;
	r.end = top;
	r.vnode = NULL;
	r.offset = 0;
	return r.start == r.end || add_region(&r);
}

static bool place(const struct px_load *l, const struct elf_segment *s)
{
	uint64_t front = s->va % EXO_PAGE_SIZE;
	exo_va_t va = l->object.base + s->va - front;
	exo_pfn_t first = 0;

	if (l->from->vnode)
		return map_file(l, s, va);

	if (!(s->flags & FLAG_WRITE) && l->from->frame)
		first = l->from->frame(l->from, s->offset - front);
	if (first)
		return xo_map_run(&px_space, va, first,
				  px_round_up(front + s->file_bytes) >> EXO_PAGE_SHIFT,
				  protection(s), px_slot_of(first)) == 0;
	return copy(l, s, va);
}

/* Pages that are written, or copied: promised, so that touching them never fails. */
static uint64_t pages_needed(const struct px_load *l)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];

		if (s->flags & FLAG_WRITE || !(l->from->frame || l->from->vnode))
			pages +=
				px_round_up(s->va % EXO_PAGE_SIZE + s->mem_bytes) >> EXO_PAGE_SHIFT;
	}
	return pages;
}

bool px_load_map(struct px_load *l)
{
	if (!px_promise(pages_needed(l)))
		return px_load_refuse(l, "too little memory to load it");
	l->object.base = px_place(l->span);
	if (!l->object.base)
		return px_load_refuse(l, "no room for it in the address space");
	if (!l->from->vnode)
		px_region_note("program", l->object.base, l->span);
	for (uint32_t i = 0; i < l->segments; i++)
		if (!place(l, &l->segment[i]))
			return px_load_refuse(l, "too little memory to load it");
	return true;
}

void *px_load_at(const struct px_load *l, uint64_t va, uint64_t bytes, uint32_t flags,
		 uint32_t without)
{
	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];

		if (va >= s->va && bytes <= s->file_bytes && va - s->va <= s->file_bytes - bytes &&
		    (s->flags & flags) == flags && !(s->flags & without))
			return (void *)(l->object.base + va);
	}
	return NULL;
}
