/* map.c - mmap, munmap, mprotect.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Private writable memory and shared memory without a file is promised when it is mapped, or when
 * it becomes writable; then touching it never fails.  MAP_NORESERVE is not promised: touching
 * it may end the program, with a line that says so.
 */
#include <env/arena.h>
#include <errno.h>
#include <exo/cap.h>
#include <exo/error.h>
#include <fd/file.h>
#include <process/limit.h>
#include <sys/mman.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define AROUND   16 /* pages filled at a time, in order */
#define LOW_CEIL 0x80000000ull
#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)

_Static_assert(PROT_READ == EXO_PROT_READ && PROT_WRITE == EXO_PROT_WRITE &&
		       PROT_EXEC == EXO_PROT_EXEC,
	       "one set of numbers");

/* The kernel says whether the image may have pages that are writable and executable: it looks at
 * that before it finds the rest of this operation impossible. */
static bool may_write_and_run(void)
{
	static const struct exo_map_op op = {.va = EXO_VA_MIN,
					     .count = 1,
					     .cap = EXO_SLOT_NONE,
					     .kind = EXO_MAP_PAGES,
					     .prot = PROT_ALL};
	static int known;

	if (!known)
		known = xo_map_one(EXO_SLOT_NONE, &op) == -EXO_E_WX ? -1 : 1;
	return known > 0;
}

static bool too_much(uint32_t prot)
{
	return (prot & (PROT_WRITE | PROT_EXEC)) == (PROT_WRITE | PROT_EXEC) &&
	       !may_write_and_run();
}

/* What is writable can be read, and so can what is executable. */
static uint8_t real_prot(int prot)
{
	prot &= PROT_ALL;
	return (uint8_t)(prot ? prot | PROT_READ : 0);
}

static bool to_charge(const struct px_region *r, uint32_t prot)
{
	return prot & PROT_WRITE && !(r->flags & (PX_R_CHARGED | PX_R_NORESERVE)) &&
	       !(r->vnode && r->flags & PX_R_SHARED);
}

/* Where the pages of [start, end) of r were hidden, nothing is any more. */
static void unhide(const struct px_region *r, exo_va_t start, exo_va_t end)
{
	exo_va_t from = r->hidden + (start - r->start);
	struct px_region *alias = r->hidden ? px_cut(from, from + (end - start)) : NULL;

	if (alias)
		px_tree_remove(&px_regions, alias);
}

/* Take the pages [start, end) of r, and what was promised for them. */
static void empty(const struct px_region *r, exo_va_t start, exo_va_t end)
{
	uint64_t pages = (end - start) >> EXO_PAGE_SHIFT, freed;

	freed = px_unmap(r->hidden ? r->hidden + (start - r->start) : start, pages);
	if (r->flags & PX_R_CHARGED)
		px_unpromise(pages);
	else if (r->flags & PX_R_NORESERVE && !r->vnode)
		px_unpromise(freed);
	unhide(r, start, end);
}

void px_clear(exo_va_t start, exo_va_t end)
{
	struct px_region *r = px_tree_find(&px_regions, start);

	while (r && r->start < end) {
		exo_va_t from = r->start > start ? r->start : start,
			 to = r->end < end ? r->end : end;
		exo_va_t next = r->end;

		empty(r, from, to);
		if (from > r->start && to < r->end) {
			px_vnode_keep(r->vnode);
			px_tree_trim(&px_regions, px_tree_split(&px_regions, r, from), to, next);
		} else if (from > r->start) {
			px_tree_trim(&px_regions, r, r->start, from);
		} else if (to < r->end) {
			px_tree_trim(&px_regions, r, to, r->end);
		} else {
			px_vnode_drop(r->vnode);
			px_tree_remove(&px_regions, r);
		}
		r = next < end ? px_tree_find(&px_regions, next) : NULL;
	}
}

/* The errors that Linux finds before it looks at the file. */
static long check_map(exo_va_t addr, size_t len, int flags, off_t offset)
{
	if (!len)
		return -EINVAL;
	if (px_round_up(len) < len || len > EXO_VA_TOP)
		return -ENOMEM;
	if ((uint64_t)offset + px_round_up(len) < (uint64_t)offset)
		return -EOVERFLOW;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr > EXO_VA_TOP - px_round_up(len))
			return -ENOMEM;
		if (addr % EXO_PAGE_SIZE)
			return -EINVAL;
		if (addr < EXO_VA_MIN)
			return -EPERM;
	}
	return 0;
}

static long check_kind(int prot, int flags)
{
	int type = flags & MAP_TYPE;

	if (type == MAP_SHARED_VALIDATE && flags & MAP_SYNC)
		return -EOPNOTSUPP;
	if (type == 0 || type > MAP_SHARED_VALIDATE ||
	    (flags & MAP_ANONYMOUS && type == MAP_SHARED_VALIDATE))
		return -EINVAL;
	if (flags & MAP_HUGETLB)
		return -ENOMEM;
	return too_much((uint32_t)prot) ? -EACCES : 0;
}

/* Where r goes, what is there made to go away.  Returns 0 or an error. */
static long settle(struct px_region *r, exo_va_t addr, uint64_t bytes, int flags)
{
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (flags & MAP_FIXED_NOREPLACE && !px_tree_clear(&px_regions, addr, addr + bytes))
			return -EEXIST;
		if (!px_changeable(addr, addr + bytes))
			return -ENOMEM;
		r->start = addr;
	} else {
		r->start = px_room(addr, bytes, flags & MAP_32BIT ? LOW_CEIL : 0);
		if (!r->start)
			return -ENOMEM;
	}
	r->end = r->start + bytes;
	return 0;
}

static long map(struct px_region *r, exo_va_t addr, uint64_t bytes, int flags)
{
	bool charge = to_charge(r, r->prot);
	long error;

	if (!px_spare())
		return -ENOMEM;
	error = settle(r, addr, bytes, flags);
	if (error)
		return error;
	if ((px_me->limits && !px_limit_map(r)) || (charge && !px_promise(bytes >> EXO_PAGE_SHIFT)))
		return -ENOMEM;
	if (charge)
		r->flags |= PX_R_CHARGED;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		px_clear(r->start, r->end);
	px_put(r);
	return 0;
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	struct px_region r = {.prot = real_prot(prot), .around = AROUND, .name = "mapping"};
	long error = offset % EXO_PAGE_SIZE ? -EINVAL : 0;

	if (flags & MAP_NORESERVE)
		r.flags |= PX_R_NORESERVE;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		r.flags |= PX_R_SHARED;
	if (!error && !(flags & MAP_ANONYMOUS) && !px_file(fd))
		error = -EBADF;
	if (!error)
		error = check_map((exo_va_t)at, len, flags, offset);
	if (!error)
		error = check_kind(prot, flags);
	if (!error && !(flags & MAP_ANONYMOUS)) {
		r.offset = (uint64_t)offset;
		error = px_map_file(fd, r.flags & PX_R_SHARED, r.prot, &r.vnode, &r.flags);
		if (r.vnode) /* which of its pages are copies nobody counts: all are promised */
			r.flags &= (uint16_t)~PX_R_NORESERVE;
	}
	if (!error && r.flags & PX_R_SHARED && !r.vnode)
		error = px_map_shared(px_round_up(len), !(flags & MAP_NORESERVE), &r.vnode);
	if (!error) {
		px_space_enter();
		error = map(&r, (exo_va_t)at, px_round_up(len), flags);
		px_leave();
		if (error)
			px_vnode_drop(r.vnode);
	}
	if (error)
		return (void *)px_result(error);
	if (flags & (MAP_POPULATE | MAP_LOCKED) && r.prot)
		px_populate(r.start, r.end);
	return (void *)r.start;
}

int munmap(void *at, size_t len)
{
	exo_va_t start = (exo_va_t)at, end = start + px_round_up(len);
	long error = 0;

	if (start % EXO_PAGE_SIZE || !len || px_round_up(len) < len || end < start ||
	    end > EXO_VA_TOP)
		return (int)px_result(-EINVAL);
	px_space_enter();
	if (!px_spare())
		error = -ENOMEM;
	else if (!px_changeable(start, end))
		error = -EINVAL;
	if (!error) {
		px_clear(start, end);
		px_room_left(start, end);
	}
	px_leave();
	return (int)px_result(error);
}

/* Nobody may touch the pages of r any more, but what is in them stays: they move
 * to a place that nobody knows. */
static long hide(struct px_region *r)
{
	uint64_t bytes = r->end - r->start;
	exo_va_t to;
	long error;

	if (px_next_page(r->start, r->end) == r->end)
		return 0;
	to = px_spare() ? px_room(0, bytes, 0) : 0;
	if (!to)
		return -ENOMEM;
	error = px_move(r->start, to, bytes >> EXO_PAGE_SHIFT, EXO_PROT_READ);
	if (error < 0)
		return -ENOMEM;
	r->hidden = to;
	px_tree_add(&px_regions,
		    &(struct px_region){
			    .start = to, .end = to + bytes, .flags = PX_R_OWN, .name = "hidden"});
	return 0;
}

static long change(struct px_region *r, uint8_t prot)
{
	uint64_t pages = (r->end - r->start) >> EXO_PAGE_SHIFT;
	long error = 0;

	if (prot & PROT_WRITE && r->flags & PX_R_SEALED)
		return -EACCES;
	if (prot & PROT_WRITE && px_me->limits && !px_limit_write(r))
		return -ENOMEM;
	if (to_charge(r, prot)) {
		if (!px_promise(pages))
			return -ENOMEM;
		r->flags |= PX_R_CHARGED;
	}
	if (!prot && r->prot) {
		error = hide(r);
	} else if (prot && r->hidden) {
		if (px_move(r->hidden, r->start, pages, EXO_PROT_READ) < 0)
			return -ENOMEM;
		unhide(r, r->start, r->end);
		r->hidden = 0;
	}
	if (!error && prot)
		px_protect(r, prot);
	if (!error)
		r->prot = prot;
	return error;
}

long px_reprotect(exo_va_t start, exo_va_t end, uint8_t prot)
{
	struct px_region *r;
	long error = 0;

	if (!px_spare() || !px_changeable(start, end) || !px_tree_covered(&px_regions, start, end))
		return -ENOMEM;
	for (r = px_cut(start, end); r && !error; r = px_region_next(r, end)) {
		if (r->prot == prot)
			continue;
		error = px_spare() ? change(r, prot) : -ENOMEM;
		r = px_join(r);
	}
	return error;
}

int mprotect(void *at, size_t len, int prot)
{
	exo_va_t start = (exo_va_t)at, end = start + px_round_up(len);
	long error;

	prot &= ~(PROT_GROWSDOWN | PROT_GROWSUP);
	if (start % EXO_PAGE_SIZE || prot & ~(PROT_ALL | PROT_SEM))
		return (int)px_result(-EINVAL);
	if (!len)
		return 0;
	if (px_round_up(len) < len || end <= start || end > EXO_VA_TOP)
		return (int)px_result(-ENOMEM);
	if (too_much((uint32_t)prot))
		return (int)px_result(-EACCES);
	px_space_enter();
	error = px_reprotect(start, end, real_prot(prot));
	px_leave();
	return (int)px_result(error);
}
