/* advice.c - mincore, msync, mlock and their like.
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

		px_enter();
		if (px_pte(va)) {
			px_leave();
			continue;
		}
		r = px_region_at(va);
		access = r ? r->prot & EXO_PROT_WRITE ? EXO_PROT_WRITE : EXO_PROT_READ : 0;
		if (r && !r->prot)
			access = 0;
		px_leave();
		all &= access && px_fault(va, access) == PX_FAULT_SERVED;
	}
	return all;
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
