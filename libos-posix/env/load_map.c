/* load_map.c - a checked program's segments, at a random place in the address space.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What nobody writes is used where the file lies, if its frames can be mapped; the data is copied.
 */
#include <env/load.h>
#include <exo/cap.h>
#include <vm/frames.h>
#include <vm/vm.h>

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

static bool place(const struct px_load *l, const struct elf_segment *s)
{
	uint64_t front = s->va % EXO_PAGE_SIZE;
	exo_va_t va = l->object.base + s->va - front;
	exo_pfn_t first = 0;

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

		if (s->flags & FLAG_WRITE || !l->from->frame)
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
