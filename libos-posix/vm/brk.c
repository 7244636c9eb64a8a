/* brk.c - the heap in one piece that programs grow by brk and sbrk.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <process/limit.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define HEAP_LIMIT  (1ull << 40)
#define HEAP_AROUND 16 /* pages at a time */

int brk(void *to); /* newlib does not declare it */

static exo_va_t low, top;

/* Between them lies the heap, above it the room kept for it. */
static bool make(void)
{
	struct px_region *heap = px_region_add("heap", EXO_PAGE_SIZE, HEAP_LIMIT, HEAP_AROUND);

	if (!heap || !px_promise(1))
		return false;
	low = top = heap->start;
	return true;
}

/* Growing promises the pages; shrinking gives whole ones back, and they read as zero when the
 * heap grows over them again.  Always at least one page is there. */
static bool move_end(exo_va_t from, exo_va_t to)
{
	struct px_region *room = px_region_at(low + HEAP_LIMIT - 1);

	if (!room || !(room->flags & PX_R_ROOM) || room->start != from || !px_spare())
		return false;
	if (to > from) {
		const struct px_region more = {.start = from,
					       .end = to,
					       .prot = EXO_PROT_READ | EXO_PROT_WRITE,
					       .flags = PX_R_CHARGED,
					       .around = HEAP_AROUND,
					       .name = room->name};

		if (!px_region_at(from - 1) || (px_me->limits && !px_limit_map(&more)) ||
		    !px_promise((to - from) >> EXO_PAGE_SHIFT))
			return false;
		px_tree_resize(&px_regions, room, to, room->end);
		px_put(&more);
	} else {
		px_clear(to, from);
		px_tree_resize(&px_regions, room, to, room->end);
	}
	return true;
}

static exo_va_t whole(exo_va_t end)
{
	return end == low ? low + EXO_PAGE_SIZE : px_round_up(end);
}

static bool set_top(exo_va_t to)
{
	exo_va_t from;
	bool good;

	if (to < low || to > low + HEAP_LIMIT - EXO_PAGE_SIZE)
		return false;
	px_space_enter();
	from = whole(top);
	good = whole(to) == from || move_end(from, whole(to));
	if (good)
		top = to;
	px_leave();
	return good;
}

void *sbrk(ptrdiff_t change)
{
	exo_va_t old, to;

	if (!low && !make())
		goto none;
	old = top;
	if (__builtin_add_overflow(old, change, &to) || (change && !set_top(to)))
		goto none;
	return (void *)old;
none:
	errno = ENOMEM;
	return (void *)-1;
}

int brk(void *to)
{
	if ((low || make()) && set_top((exo_va_t)to))
		return 0;
	errno = ENOMEM;
	return -1;
}
