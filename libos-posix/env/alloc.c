/* alloc.c - the arena's own memory: pages of the window, and objects in them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pages are mapped a few at a time and stay mapped for a while when they are
 * given back, because mapping costs more than everything else here.
 */
#include <env/arena.h>
#include <exo/cap.h>
#include <exo/error.h>
#include <string.h>
#include <vm/vm.h>

#define BATCH     16 /* pages mapped at once */
#define SPARE_MAX 64

_Static_assert(SPARE_MAX + BATCH <= PX_SPARE_MAX, "room for them");

/* The pages themselves are not touched: they need not be mapped in this process. */
static void push(exo_pfn_t pfn)
{
	px_arena->spare[px_arena->spares++] = (uint32_t)pfn;
}

/* Frames taken here count as no page's yet: the reference is that of the
 * spare list, and goes over to who gets the page. */
static __attribute__((cold)) void more_pages(void)
{
	exo_pfn_t first;
	uint64_t n = px_frames_take(BATCH, &first);

	if (n && xo_map_run(&px_image_space, (exo_va_t)px_page_at(first), first, n,
			    EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) < 0) {
		px_frames_give(first, n);
		n = 0;
	}
	for (uint64_t i = n; i-- > 0;) {
		px_frame_window(first + i, true);
		push(first + i);
	}
}

void *px_page_promised(void)
{
	void *page = NULL;

	px_enter();
	if (!px_arena->spares)
		more_pages();
	if (px_arena->spares)
		page = px_page_at(px_arena->spare[--px_arena->spares]);
	px_leave();
	return page;
}

void *px_page_get_dirty(void)
{
	void *page;

	if (!px_commit(1))
		return NULL;
	page = px_page_promised();
	if (!page)
		px_uncommit(1);
	return page;
}

void *px_page_get(void)
{
	void *page = px_page_get_dirty();

	return page ? memset(page, 0, EXO_PAGE_SIZE) : NULL;
}

void px_page_put(void *page)
{
	px_frames_give(px_page_frame(page), 1);
}

void px_pages_spare(exo_pfn_t pfn)
{
	px_uncommit(1);
	px_frame_ref(pfn);
	push(pfn);
	if (px_arena->spares > SPARE_MAX)
		px_pages_trim(SPARE_MAX / 2);
}

/* Nobody knows which processes have it in their window: there it stays. */
__attribute__((cold)) bool px_pages_trim(uint64_t keep)
{
	bool any = false;

	px_enter();
	while (px_arena->spares > keep) {
		exo_pfn_t pfn = px_arena->spare[--px_arena->spares];

		px_frame_window(pfn, false);
		if (px_arena->forked)
			px_frame_seen(pfn);
		else
			xo_unmap_run(&px_space, (exo_va_t)px_page_at(pfn), 1);
		px_frames_give(pfn, 1);
		any = true;
	}
	px_leave();
	return any;
}

/* Objects.  A slab is a page: this head, then as many objects as fit. */
struct px_slab {
	struct px_slab *next, *prev; /* among those of the class with room */
	void *free;                  /* list of objects that were given back */
	uint16_t used, fresh;        /* objects out; objects never given out begin here */
	uint16_t class, room;        /* room: objects that fit */
	uint64_t zero[4];
};
_Static_assert(sizeof(struct px_slab) == 64, "objects are 32-byte aligned");

static const uint16_t sizes[PX_SLAB_CLASSES] = {32,  64,  96,  128, 192,         256,
						384, 512, 672, 992, PX_ALLOC_MAX};

static void link_slab(struct px_slab *s)
{
	s->prev = NULL;
	s->next = px_arena->slab[s->class];
	if (s->next)
		s->next->prev = s;
	px_arena->slab[s->class] = s;
}

static void unlink_slab(struct px_slab *s)
{
	if (s->next)
		s->next->prev = s->prev;
	if (s->prev)
		s->prev->next = s->next;
	else
		px_arena->slab[s->class] = s->next;
}

static struct px_slab *slab_with_room(uint32_t class)
{
	struct px_slab *s = px_arena->slab[class];

	if (s)
		return s;
	s = px_page_get_dirty();
	if (!s)
		return NULL;
	*s = (struct px_slab){
		.class = (uint16_t) class,
		.room = (uint16_t)((EXO_PAGE_SIZE - sizeof(*s)) / sizes[class]),
	};
	link_slab(s);
	return s;
}

void *px_alloc(size_t bytes)
{
	uint32_t class = 0;
	struct px_slab *s;
	void *p = NULL;

	while (class < PX_SLAB_CLASSES - 1 && sizes[class] < bytes)
		class ++;
	px_enter();
	s = bytes <= PX_ALLOC_MAX ? slab_with_room(class) : NULL;
	if (s && s->free) {
		p = s->free;
		s->free = *(void **)p;
	} else if (s) {
		p = (char *)(s + 1) + (size_t)s->fresh++ * sizes[class];
	}
	if (s && ++s->used == s->room)
		unlink_slab(s);
	px_leave();
	return p ? memset(p, 0, sizes[class]) : NULL;
}

void px_free(void *p)
{
	struct px_slab *s = (void *)((uintptr_t)p & ~(uintptr_t)(EXO_PAGE_SIZE - 1));

	if (!p)
		return;
	px_enter();
	if (s->used-- == s->room)
		link_slab(s);
	*(void **)p = s->free;
	s->free = p;
	if (!s->used) {
		unlink_slab(s);
		px_page_put(s);
	}
	px_leave();
}
