/* fault.c - page faults: pages come when they are touched.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Memory that was promised is filled a few pages at a time; more if the page below is there
 * already, as when memory is gone through in order.  What nobody promised is promised now,
 * page by page, so that it never takes what somebody else counts on.
 */
#include <env/arena.h>
#include <env/slots.h>
#include <exo/cap.h>
#include <process/limit.h>
#include <vm/frames.h>
#include <vm/large.h>
#include <vm/loan.h>
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

/* What was not promised lies on loan, if there is any. */
static uint64_t on_loan(const struct px_region *r, exo_va_t va, uint64_t pages)
{
	if (!px_loan_map || (r->flags & (PX_R_NORESERVE | PX_R_STACK)) != PX_R_NORESERVE)
		return 0;
	return px_loan_map(va, pages, r->prot);
}

/* Zeroed pages where there are none in [from, to).  Stacks may use what is kept back. */
static void fill(const struct px_region *r, exo_va_t from, exo_va_t to)
{
	while (from < to) {
		uint64_t n = 0, lent;

		while (from + n * EXO_PAGE_SIZE < to && absent(from + n * EXO_PAGE_SIZE))
			n++;
		lent = n ? on_loan(r, from, n) : 0;
		if (lent) {
			from += lent * EXO_PAGE_SIZE;
			continue;
		}
		if (n && !(r->flags & PX_R_CHARGED) && !px_promise(n)) {
			if (!(r->flags & PX_R_STACK))
				return;
			px_promise_anyway(n);
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
	if (px_large_fill && px_large_fill(r, va))
		return PX_FAULT_SERVED;
	around(r, va, &from, &to);
	fill(r, from, to);
	if (absent(va))
		fill(r, va, va + EXO_PAGE_SIZE);
	return absent(va) ? PX_FAULT_MEMORY : PX_FAULT_SERVED;
}

/* A write to a page that is there read only, in a region that may be written.  What others have too
 * was promised to each of them. */
static enum px_fault part(const struct px_region *r, exo_va_t va, exo_pfn_t pfn)
{
	bool charge = !(r->flags & PX_R_CHARGED) && !px_frame_counted(pfn);

	if (px_frame_alone(pfn))
		return xo_protect_run(&px_space, va, 1, r->prot, px_slot_of(pfn)) == 0
			       ? PX_FAULT_SERVED
			       : PX_FAULT_DENIED;
	if (charge && !px_promise(1))
		return PX_FAULT_MEMORY;
	if (pfn == px_arena->zero_frame ? px_map_new(va, 1, r->prot) == 0
					: px_copy_page(va, r->prot) == 0)
		return PX_FAULT_SERVED;
	if (charge)
		px_unpromise(1);
	return PX_FAULT_MEMORY;
}

/* A page that the process had for itself before there were others with its frame.  Nothing is asked
 * of the regions, which may be what is being changed. */
static __attribute__((cold)) enum px_fault unshare(exo_va_t va, uint64_t e)
{
	exo_pfn_t pfn = (e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
	uint32_t prot =
		EXO_PROT_READ | EXO_PROT_WRITE | (e & EXO_PTE_NOEXEC ? 0 : (uint32_t)EXO_PROT_EXEC);

	if (px_frame_alone(pfn))
		return xo_protect_run(&px_space, va, 1, prot, EXO_SLOT_MEMORY) == 0
			       ? PX_FAULT_SERVED
			       : PX_FAULT_DENIED;
	return px_copy_page(va, prot) == 0 ? PX_FAULT_SERVED : PX_FAULT_MEMORY;
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
	if (e)
		return PX_FAULT_DENIED;
	if (r->flags & PX_R_LENT && px_loan_lost())
		return PX_FAULT_PAST;
	px_me->used.faults++;
	if (px_me->limits && px_limit_deep(r, va))
		return PX_FAULT_NONE;
	return r->vnode ? px_fault_file(r, va, access == EXO_PROT_WRITE) : fill_zero(r, va);
}

static bool allowed(uint64_t e, uint32_t access)
{
	return access == EXO_PROT_WRITE  ? e & EXO_PTE_WRITE
	       : access == EXO_PROT_EXEC ? e && !(e & EXO_PTE_NOEXEC)
					 : e != 0;
}

enum px_fault px_fault(exo_va_t va, uint32_t access)
{
	uint64_t e;
	enum px_fault f;

	if (va >= EXO_VA_TOP)
		return PX_FAULT_NONE;
	px_enter();
	e = px_pte(va);
	if (allowed(e, access)) {
		f = PX_FAULT_SERVED; /* another CPU was quicker */
	} else if (px_arena_holds(va)) {
		f = e ? PX_FAULT_DENIED : px_arena_touch(va) ? PX_FAULT_SERVED : PX_FAULT_NONE;
	} else if (e && access == EXO_PROT_WRITE && EXO_PTE_SLOT(e) == PX_SLOT_COPY) {
		f = unshare(px_page_of(va), e);
		if (px_hot)
			px_hot(px_page_of(va));
	} else {
		const struct px_region *r = px_region_at(va);

		f = r ? serve(r, px_page_of(va), access) : PX_FAULT_NONE;
	}
	px_leave();
	return f;
}
