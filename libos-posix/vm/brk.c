/* brk.c - the heap that malloc grows.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define HEAP_LIMIT  (1ull << 40)
#define HEAP_AROUND 16 /* pages at a time */

static struct px_region *heap;
static exo_va_t top;

/* Growing promises the pages; shrinking gives whole ones back, and they
 * read as zero when the heap grows over them again. */
static int set_end(exo_va_t end)
{
	exo_va_t now = heap->end;

	if (end > now) {
		if (!px_commit((end - now) >> EXO_PAGE_SHIFT))
			return -1;
		heap->end = end;
	} else if (end < now) {
		heap->end = end;
		px_unmap(end, (now - end) >> EXO_PAGE_SHIFT);
		px_uncommit((now - end) >> EXO_PAGE_SHIFT);
	}
	return 0;
}

void *sbrk(ptrdiff_t change)
{
	exo_va_t old, new;

	if (!heap) {
		heap = px_region_add("heap", 0, HEAP_LIMIT, HEAP_AROUND);
		if (!heap)
			goto none;
		top = heap->start;
	}
	old = top;
	new = old + (exo_va_t)change;
	if (change > 0 ? new < old || new > heap->limit : new > old || new < heap->start)
		goto none;
	if (set_end(px_round_up(new)) < 0)
		goto none;
	top = new;
	return (void *)old;
none:
	errno = ENOMEM;
	return (void *)-1;
}
