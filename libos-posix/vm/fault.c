/* fault.c - page faults: pages come when they are touched.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Memory that was promised is filled a few pages at a time; more if the page below is there
 * already, as when memory is gone through in order.  What nobody promised is promised now,
 * page by page, so that it never takes what somebody else counts on.
 */
#include <env/arena.h>
#include <exo/cap.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define SPARSE 1 /* pages, where nothing says that the neighbours will be used */

static bool absent(exo_va_t va)
{
	return !px_pte(va);
}

/* The aligned window around va that is filled at once, within the region. */
static void around(const struct px_region *r, exo_va_t va, exo_va_t *from, exo_va_t *to)
{
	uint64_t pages = r->around;

	if (pages > SPARSE && (va == r->start || absent(va - EXO_PAGE_SIZE)))
		pages = SPARSE;
	*from = va & -(pages * EXO_PAGE_SIZE);
	*to = *from + pages * EXO_PAGE_SIZE;
	if (*from < r->start)
		*from = r->start;
	if (*to > r->end)
		*to = r->end;
}

/* Zeroed pages where there are none in [from, to).  Stacks may use what is kept back. */
static void fill(const struct px_region *r, exo_va_t from, exo_va_t to)
{
	while (from < to) {
		uint64_t n = 0;

		while (from + n * EXO_PAGE_SIZE < to && absent(from + n * EXO_PAGE_SIZE))
			n++;
		if (n && !(r->flags & PX_R_CHARGED) && !px_commit(n)) {
			if (!(r->flags & PX_R_STACK))
				return;
			px_frames->promised += n;
		}
		if (n && px_map_new(from, n, r->prot) < 0)
			return;
		from += (n + 1) * EXO_PAGE_SIZE;
	}
}

static enum px_fault fill_zero(const struct px_region *r, exo_va_t va)
{
	exo_va_t from, to;

	if (!(r->prot & EXO_PROT_WRITE)) {
		exo_pfn_t zero = px_zero_frame();

		return zero && xo_map_run(&px_space, va, zero, 1, r->prot, EXO_SLOT_MEMORY) == 0
			       ? PX_FAULT_SERVED
			       : PX_FAULT_MEMORY;
	}
	around(r, va, &from, &to);
	fill(r, from, to);
	if (absent(va))
		fill(r, va, va + EXO_PAGE_SIZE);
	return absent(va) ? PX_FAULT_MEMORY : PX_FAULT_SERVED;
}

/* A write to a page that is there read only, in a region that may be written. */
static enum px_fault part(const struct px_region *r, exo_va_t va, exo_pfn_t pfn)
{
	if (px_frame_alone(r, pfn))
		return xo_protect_run(&px_space, va, 1, r->prot, EXO_SLOT_MEMORY) == 0
			       ? PX_FAULT_SERVED
			       : PX_FAULT_DENIED;
	if (!(r->flags & PX_R_CHARGED) && !px_commit(1))
		return PX_FAULT_MEMORY;
	if (pfn == px_zero_frame() ? px_map_new(va, 1, r->prot) == 0
				   : px_copy_page(va, r->prot) == 0)
		return PX_FAULT_SERVED;
	if (!(r->flags & PX_R_CHARGED))
		px_uncommit(1);
	return PX_FAULT_MEMORY;
}

static enum px_fault serve(const struct px_region *r, exo_va_t va, uint32_t access)
{
	uint64_t e = px_pte(va);

	if (!(r->prot & access))
		return r->flags & PX_R_OWN && !e ? PX_FAULT_NONE : PX_FAULT_DENIED;
	if (e && access == EXO_PROT_WRITE && !(e & EXO_PTE_WRITE)) {
		if (r->vnode && r->flags & PX_R_SHARED)
			return px_fault_file(r, va, true);
		return part(r, va, (e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT);
	}
	if (e) /* somebody else was quicker, or no page fault of ours */
		return access == EXO_PROT_EXEC && e & EXO_PTE_NOEXEC ? PX_FAULT_DENIED
								     : PX_FAULT_SERVED;
	return r->vnode ? px_fault_file(r, va, access == EXO_PROT_WRITE) : fill_zero(r, va);
}

enum px_fault px_fault(exo_va_t va, uint32_t access)
{
	const struct px_region *r;
	enum px_fault f;

	px_enter();
	r = px_region_at(va);
	f = r ? serve(r, px_page_of(va), access) : PX_FAULT_NONE;
	px_leave();
	return f;
}
