/* madvise.c - what a program knows of its memory in advance.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <sys/mman.h>
#include <vm/large.h>
#include <vm/vm.h>

/* Private pages go, and come back as zero or as the file has them. */
static void forget(exo_va_t start, exo_va_t end)
{
	struct px_region *r = px_tree_find(&px_regions, start);

	for (; r && r->start < end; r = px_region_next(r, end)) {
		exo_va_t from = r->start > start ? r->start : start,
			 to = r->end < end ? r->end : end;
		uint64_t freed;

		if (r->flags & PX_R_OWN || r->hidden || (r->flags & PX_R_SHARED && !r->vnode))
			continue;
		freed = px_unmap(from, (to - from) >> EXO_PAGE_SHIFT);
		if (r->flags & PX_R_NORESERVE && !r->vnode)
			px_unpromise(freed);
	}
}

/* MADV_FREE is for private memory without a file. */
static bool all_anonymous(exo_va_t start, exo_va_t end)
{
	struct px_region *r = px_tree_find(&px_regions, start);

	for (; r && r->start < end; r = px_region_next(r, end))
		if (r->vnode || r->flags & PX_R_SHARED)
			return false;
	return true;
}

static long advise(exo_va_t start, exo_va_t end, int advice)
{
	long error = 0;

	px_space_enter();
	if (advice == MADV_FREE && !all_anonymous(start, end))
		error = -EINVAL;
	else if (advice == MADV_DONTNEED || advice == MADV_FREE)
		forget(start, end);
	else if (advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE)
		px_large_advise(start, end, advice == MADV_HUGEPAGE);
	if (!error && !px_tree_covered(&px_regions, start, end))
		error = -ENOMEM;
	px_leave();
	return error;
}

int madvise(void *at, size_t len, int advice)
{
	exo_va_t start = (exo_va_t)at, end = px_round_up(start + len);

	switch (advice) {
	case MADV_NORMAL ... MADV_DONTNEED:
	case MADV_FREE:
	case MADV_DONTFORK ... MADV_PAGEOUT:
		break;
	case MADV_REMOVE:
		return (int)px_result(-EOPNOTSUPP);
	default:
		return (int)px_result(-EINVAL);
	}
	if (start % EXO_PAGE_SIZE || end < start || start + len < start || end > EXO_VA_TOP)
		return (int)px_result(-EINVAL);
	return len ? (int)px_result(advise(start, end, advice)) : 0;
}
