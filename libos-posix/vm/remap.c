/* remap.c - mremap: a mapping made longer or shorter, where it is or elsewhere.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <process/limit.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <vm/frames.h>
#include <vm/vm.h>

struct wish {
	exo_va_t from, to; /* `to`: with MREMAP_FIXED */
	uint64_t old, new;
	int flags;
};

/* The pages move, the region with them, then it is longer. */
static long move(const struct px_region *r, const struct wish *w, exo_va_t *result)
{
	uint64_t pages = w->old >> EXO_PAGE_SHIFT;
	struct px_region copy;
	exo_va_t to = w->to;

	if (w->flags & MREMAP_FIXED) {
		if (!px_changeable(to, to + w->new))
			return -ENOMEM;
		px_clear(to, to + w->new);
	} else {
		to = px_room(0, w->new, 0);
		if (!to)
			return -ENOMEM;
	}
	r = px_cut(w->from, w->from + w->old);
	if (!r->hidden && px_move(w->from, to, pages, r->prot) < 0)
		return -ENOMEM;
	copy = *r;
	copy.start = to;
	copy.end = to + w->new;
	px_tree_remove(&px_regions, (struct px_region *)r);
	px_put(&copy);
	*result = to;
	return 0;
}

static long grow(struct px_region *r, const struct wish *w, exo_va_t *result)
{
	uint64_t more = (w->new - w->old) >> EXO_PAGE_SHIFT;
	exo_va_t end = w->from + w->new;
	bool charged = r->flags & PX_R_CHARGED;
	long error = 0;

	if (px_me->limits && !px_limit_grow(r, w->new - w->old))
		return -ENOMEM;
	if (charged && !px_promise(more))
		return -ENOMEM;
	if (!(w->flags & MREMAP_FIXED) && r->end == w->from + w->old && !r->hidden &&
	    end <= EXO_VA_TOP && px_tree_clear(&px_regions, r->end, end)) {
		px_tree_resize(&px_regions, r, r->start, end);
		px_join(r);
		*result = w->from;
	} else if (w->flags & MREMAP_MAYMOVE && !r->hidden) {
		error = move(r, w, result);
	} else {
		error = -ENOMEM;
	}
	if (error && charged)
		px_unpromise(more);
	return error;
}

static long remap(struct wish *w, exo_va_t *result)
{
	struct px_region *r = px_region_at(w->from);

	if (!r || r->flags & PX_R_OWN || r->end - w->from < w->old)
		return -EFAULT;
	if (!px_spare())
		return -ENOMEM;
	*result = w->from;
	if (w->new < w->old) {
		px_clear(w->from + w->new, w->from + w->old);
		w->old = w->new;
		r = px_region_at(w->from);
	}
	if (w->flags & MREMAP_FIXED && w->new == w->old)
		return r->hidden ? -ENOMEM : move(r, w, result);
	return w->new > w->old ? grow(r, w, result) : 0;
}

void *mremap(void *at, size_t old, size_t new, int flags, ...)
{
	struct wish w = {.from = (exo_va_t)at,
			 .old = px_round_up(old),
			 .new = px_round_up(new),
			 .flags = flags};
	exo_va_t result = 0;
	long error = 0;
	va_list args;

	va_start(args, flags);
	if (flags & MREMAP_FIXED)
		w.to = va_arg(args, exo_va_t);
	va_end(args);
	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
	    (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)) || w.from % EXO_PAGE_SIZE ||
	    !w.new || !w.old)
		error = -EINVAL;
	else if (flags & MREMAP_FIXED &&
		 (w.to % EXO_PAGE_SIZE || w.new > EXO_VA_TOP || w.to > EXO_VA_TOP - w.new ||
		  w.to < EXO_VA_MIN || (w.to < w.from + w.old && w.from < w.to + w.new)))
		error = -EINVAL;
	else if (w.new > EXO_VA_TOP)
		error = -ENOMEM;
	if (!error) {
		px_space_enter();
		error = remap(&w, &result);
		px_leave();
	}
	return error ? (void *)px_result(error) : (void *)result;
}
