/* advice.c - madvise, mincore, msync, mlock and their like.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Memory is always resident, and a shared mapping of a file is the file's own pages: there
 * is nothing to lock, and nothing to write back.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <fs/mem.h>
#include <sys/mman.h>
#include <thread/thread.h>
#include <unistd.h>
#include <vm/copy.h>
#include <vm/frames.h>
#include <vm/vm.h>

/* [at, at + len) in whole pages; false if it wraps or leaves the address space. */
static bool range(const void *at, size_t len, exo_va_t *start, exo_va_t *end)
{
	*start = px_page_of((exo_va_t)at);
	*end = px_round_up((exo_va_t)at + len);
	return *end >= *start && (exo_va_t)at + len >= (exo_va_t)at && *end <= EXO_VA_TOP;
}

static bool covered(exo_va_t start, exo_va_t end)
{
	bool all;

	px_enter();
	all = px_tree_covered(&px_regions, start, end);
	px_leave();
	return all;
}

bool px_populate(exo_va_t start, exo_va_t end)
{
	bool all = true;

	for (exo_va_t va = start; va < end; va += EXO_PAGE_SIZE) {
		const struct px_region *r;
		uint32_t access;

		if (px_pte(va))
			continue;
		px_enter();
		r = px_region_at(va);
		access = r ? r->prot & EXO_PROT_WRITE ? EXO_PROT_WRITE : EXO_PROT_READ : 0;
		if (r && !r->prot)
			access = 0;
		px_leave();
		all &= access && px_fault(va, access) == PX_FAULT_SERVED;
	}
	return all;
}

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

	px_enter();
	if (advice == MADV_FREE && !all_anonymous(start, end))
		error = -EINVAL;
	else if (advice == MADV_DONTNEED || advice == MADV_FREE)
		forget(start, end);
	if (!error && !px_tree_covered(&px_regions, start, end))
		error = -ENOMEM;
	px_leave();
	return error;
}

int madvise(void *at, size_t len, int advice)
{
	exo_va_t start, end;

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
	if ((exo_va_t)at % EXO_PAGE_SIZE || !range(at, len, &start, &end))
		return (int)px_result(-EINVAL);
	return len ? (int)px_result(advise(start, end, advice)) : 0;
}

/* POSIX's DONTNEED must not change what is in memory. */
int posix_madvise(void *at, size_t len, int advice)
{
	exo_va_t start, end;

	if (advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED ||
	    (exo_va_t)at % EXO_PAGE_SIZE || !range(at, len, &start, &end))
		return EINVAL;
	return advice == POSIX_MADV_DONTNEED || covered(start, end) ? 0 : ENOMEM;
}

/* Files that are mapped there so that they can be written count as changed now. */
static void touch(exo_va_t start, exo_va_t end)
{
	struct px_region *r;

	px_enter();
	for (r = px_tree_find(&px_regions, start); r && r->start < end; r = px_region_next(r, end))
		if (r->vnode && r->flags & PX_R_SHARED && r->prot & EXO_PROT_WRITE)
			px_node_touch(px_node_of(r->vnode), PX_MTIME | PX_CTIME);
	px_leave();
}

int msync(void *at, size_t len, int flags)
{
	px_cancel_point();
	exo_va_t start, end;

	if ((exo_va_t)at % EXO_PAGE_SIZE || flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return (int)px_result(-EINVAL);
	if (!range(at, len, &start, &end) || !covered(start, end))
		return (int)px_result(-ENOMEM);
	touch(start, end);
	return 0;
}

/* A page of a mapped file is always in memory. */
int mincore(void *at, size_t len, unsigned char *vector)
{
	exo_va_t start, end;

	if ((exo_va_t)at % EXO_PAGE_SIZE)
		return (int)px_result(-EINVAL);
	if (!range(at, len, &start, &end) || !covered(start, end))
		return (int)px_result(-ENOMEM);
	for (exo_va_t va = start; va < end; va += EXO_PAGE_SIZE) {
		const struct px_region *r;
		unsigned char there;

		px_enter();
		r = px_region_at(va);
		there = r && (r->vnode || px_pte(r->hidden ? r->hidden + (va - r->start) : va));
		px_leave();
		if (px_copy_to(vector++, &there, 1))
			return (int)px_result(-EFAULT);
	}
	return 0;
}

int mlock2(const void *at, size_t len, unsigned flags)
{
	exo_va_t start, end;

	if (flags & ~(unsigned)MLOCK_ONFAULT)
		return (int)px_result(-EINVAL);
	if ((exo_va_t)at + len < (exo_va_t)at)
		return (int)px_result(-EINVAL);
	if (!range(at, len, &start, &end) || !covered(start, end))
		return (int)px_result(-ENOMEM);
	if (!(flags & MLOCK_ONFAULT) && !px_populate(start, end))
		return (int)px_result(-ENOMEM);
	return 0;
}

int mlock(const void *at, size_t len)
{
	return mlock2(at, len, 0);
}

int munlock(const void *at, size_t len)
{
	exo_va_t start, end;

	if ((exo_va_t)at + len < (exo_va_t)at)
		return (int)px_result(-EINVAL);
	return (int)px_result(range(at, len, &start, &end) && covered(start, end) ? 0 : -ENOMEM);
}

int mlockall(int flags)
{
	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return (int)px_result(-EINVAL);
	return 0;
}

int munlockall(void)
{
	return 0;
}
