/* inherit.c - the address space of a process given to its child, and left at its end.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The child gets the same pages at the same addresses.  Those that are private and writable become
 * unwritable on both sides, mapped under slot COPY: the first to write one copies it (fault.c).
 * What all processes of the image have alike is not copied but mapped where it is touched.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/slots.h>
#include <errno.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/upcall.h>
#include <string.h>
#include <thread/local.h>
#include <vm/frames.h>
#include <vm/large.h>
#include <vm/owned.h>
#include <vm/vm.h>

#define UPCALL_BYTES (EXO_FRAME_DEPTH * (uint64_t)EXO_PAGE_SIZE)
#define SLOT_BITS    EXO_PTE_OF_SLOT(EXO_MAP_SLOTS - 1)
#define KIND_BITS    (EXO_PTE_WRITE | EXO_PTE_NOEXEC | SLOT_BITS)
#define EMPTY        (PX_R_ROOM | PX_R_GUARD) /* regions without pages */

/* Operations on one address space, on their way to the kernel. */
struct batch {
	exo_cap_t env;
	uint32_t n;
	struct exo_map_op op[EXO_BATCH_MAX];
};

struct heir {
	struct px_process *process;
	struct batch here, there;
	uint32_t hot;      /* of those pages so many are behind */
	uint64_t table[3]; /* numbers of the tables of levels 1 to 3 made last */
};

/* Does what the operation asks for one page after the other, but for those that have gone. */
static bool one_by_one(const struct batch *b, struct exo_map_op op)
{
	uint32_t n = op.count;

	for (op.count = 1; n; n--, op.va += EXO_PAGE_SIZE) {
		long r = xo_map_one(b->env, &op);

		if (r < 0 && r != -EXO_E_FAULT)
			return false;
	}
	return true;
}

/* A table that is there already: its frame goes back with all others of the process. */
static bool is_there(long r, const struct exo_map_op *op)
{
	return r == -EXO_E_EXIST && op->kind == EXO_MAP_TABLE;
}

static bool flush(struct batch *b)
{
	uint32_t done = 0;

	while (done < b->n) {
		long r = exo_map(b->env, (exo_va_t)&b->op[done], b->n - done);

		if (r == -EXO_E_FAULT && b->op[done].kind == EXO_MAP_PROTECT)
			r = one_by_one(b, b->op[done]) ? 1 : r;
		if (is_there(r, &b->op[done]))
			r = 1;
		if (r < 0)
			return false;
		done += (uint32_t)r;
	}
	b->n = 0;
	return true;
}

/* What becomes unwritable here does so before the child has it. */
static bool flush_both(struct heir *h)
{
	return flush(&h->here) && flush(&h->there);
}

static void add(struct batch *b, struct exo_map_op op)
{
	b->op[b->n++] = op;
}

/* Is there no room for what one step can need: three tables and the pages? */
static bool full(const struct heir *h)
{
	return h->there.n > EXO_BATCH_MAX - 4 || h->here.n == EXO_BATCH_MAX;
}

/* The tables above va.  Pages come in ascending order, so each is met once. */
static bool add_tables(struct heir *h, exo_va_t va)
{
	for (uint32_t level = 3; level; level--) {
		uint64_t number = 1 + (va >> (EXO_PAGE_SHIFT + 9 * level));
		exo_pfn_t pfn;

		if (h->table[level - 1] == number)
			continue;
		pfn = px_frame_for_object();
		if (!pfn)
			return false;
		if (!px_owned_add(h->process, pfn)) {
			px_frames_give(pfn, 1);
			return false;
		}
		add(&h->there, (struct exo_map_op){.va = va,
						   .pfn = pfn,
						   .count = level,
						   .cap = EXO_SLOT_MEMORY,
						   .kind = EXO_MAP_TABLE,
						   .prot = EXO_PROT_READ});
		h->table[level - 1] = number;
	}
	return true;
}

static uint8_t prot_of(uint64_t e)
{
	return (uint8_t)(EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
			 (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC));
}

/* Bind n frames from that of e on at va in the child. */
static bool show(struct heir *h, exo_va_t va, uint64_t e, uint64_t n, exo_cap_t slot)
{
	uint8_t prot = prot_of(e);

	if (slot == PX_SLOT_COPY)
		prot &= (uint8_t)~EXO_PROT_WRITE;
	if (!add_tables(h, va))
		return false;
	add(&h->there, (struct exo_map_op){.va = va,
					   .pfn = px_frame_of(e),
					   .count = (uint32_t)n,
					   .cap = slot,
					   .kind = EXO_MAP_PAGES,
					   .prot = prot});
	return true;
}

/* n pages from va on become unwritable, if they are not. */
static void protect(struct heir *h, exo_va_t va, uint64_t e, uint64_t n)
{
	if (EXO_PTE_SLOT(e) != PX_SLOT_COPY)
		add(&h->here, (struct exo_map_op){.va = va,
						  .count = (uint32_t)n,
						  .cap = PX_SLOT_COPY,
						  .kind = EXO_MAP_PROTECT,
						  .prot = prot_of(e) & (uint8_t)~EXO_PROT_WRITE});
}

/* Pages that this process has copied since it made a process, for all of its own that is written
 * soon after: their copies are made at once the next time, so that neither side gets a page fault
 * for them.  In ascending order; looked for anew now and then.  They stand in the arena, whose
 * pages are never copied. */
#define HOT_FORKS 16

void px_hot(exo_va_t va)
{
	const struct px_thread *t = px_here()->current;
	uint32_t i = px_me->hots, n = i;

	/* A child that does not know itself yet has px_me from its parent, which may have gone. */
	if (!t || t->process != px_me || n >= PX_HOT_MAX)
		return;
	while (i && px_me->hot[i - 1] > va)
		i--;
	if (i && px_me->hot[i - 1] == va)
		return;
	for (; n > i; n--)
		px_me->hot[n] = px_me->hot[n - 1];
	px_me->hot[i] = va;
	px_me->hots++;
}

/* The first of them from va on, which is above all that were asked for before. */
static exo_va_t next_hot(struct heir *h, exo_va_t va)
{
	while (h->hot < px_me->hots && px_me->hot[h->hot] < va)
		h->hot++;
	return h->hot < px_me->hots && px_me->thread_count == 1 ? px_me->hot[h->hot] : EXO_VA_TOP;
}

/* A private page whose frame nobody counts, or of which there are as many as can be counted. */
static bool copy_now(struct heir *h, exo_va_t va, uint64_t e)
{
	exo_pfn_t pfn = px_copy_frame(va);

	e = (e & ~(uint64_t)EXO_PTE_FRAME) | pfn << EXO_PAGE_SHIFT;
	if (!pfn || show(h, va, e, 1, EXO_SLOT_MEMORY))
		return pfn;
	px_frames_give(pfn, 1);
	return false;
}

static bool of_archive(exo_pfn_t pfn, uint64_t n)
{
	uint64_t at = pfn - px_arena->archive_pfn;

	return at < px_arena->archive_pages && n <= px_arena->archive_pages - at;
}

/* The next pages of r that are there, and alike.  Returns how many, 0: no memory. */
static uint64_t copy_run(struct heir *h, const struct px_region *r, exo_va_t va, exo_va_t end)
{
	uint64_t e = *px_leaf(va), n, counted;
	exo_va_t next = next_hot(h, va);
	bool own =
		!(r->flags & PX_R_SHARED) && (e & EXO_PTE_WRITE || EXO_PTE_SLOT(e) == PX_SLOT_COPY);

	if (next == va && own && e & EXO_PTE_WRITE)
		return copy_now(h, va, e) ? 1 : 0;
	n = px_run_at(va, next > va && next < end ? next : end, KIND_BITS);
	if (n > EXO_MAP_MAX)
		n = EXO_MAP_MAX;
	if (!px_frame_counted(px_frame_of(e))) {
		if (own || !of_archive(px_frame_of(e), n))
			n = 1;
		return (own ? copy_now(h, va, e) : show(h, va, e, n, EXO_PTE_SLOT(e))) ? n : 0;
	}
	if (r->flags & PX_R_OWN && r->flags & PX_R_SHARED) /* nobody counts who has these */
		return show(h, va, e, n, EXO_PTE_SLOT(e)) ? n : 0;
	counted = px_frames_ref(px_frame_of(e), n);
	if (!counted)
		return own && copy_now(h, va, e) ? 1 : 0;
	if (own)
		protect(h, va, e, counted);
	if (show(h, va, e, counted, own ? PX_SLOT_COPY : EXO_PTE_SLOT(e)))
		return counted;
	px_frames_give(px_frame_of(e), counted);
	return 0;
}

/* Between two steps others may enter; what was noted is done before. */
static bool step(struct heir *h)
{
	if (!full(h))
		return true;
	if (!flush_both(h))
		return false;
	px_leave();
	px_enter();
	return true;
}

/* The arena's head, which is mapped before anything can be entered. */
static bool copy_head(struct heir *h)
{
	exo_va_t va = (exo_va_t)px_arena, end = px_arena->head_end;

	while (va < end) {
		uint64_t n = px_run_at(va, end, KIND_BITS);

		if (n > EXO_MAP_MAX)
			n = EXO_MAP_MAX;
		if (!step(h) || !show(h, va, *px_leaf(va), n, EXO_SLOT_MEMORY))
			return false;
		va += n << EXO_PAGE_SHIFT;
	}
	return true;
}

static void sort(exo_va_t *page, int n)
{
	for (int i = 1; i < n; i++)
		for (int j = i; j > 0 && page[j] < page[j - 1]; j--) {
			exo_va_t lower = page[j];

			page[j] = page[j - 1];
			page[j - 1] = lower;
		}
}

/* What it needs to serve a fault, before it knows itself, and what it will touch for sure. */
static bool copy_arena(struct heir *h)
{
	exo_va_t page[] = {px_page_of((exo_va_t)px_me), px_page_of((exo_va_t)h->process),
			   px_page_of((exo_va_t)h->process->threads),
			   px_page_of((exo_va_t)h->process->owned)};
	const int n = sizeof(page) / sizeof(page[0]);

	if (!copy_head(h))
		return false;
	sort(page, n);
	for (int i = 0; i < n; i++) {
		exo_pfn_t pfn = px_page_frame((void *)page[i]);
		uint64_t e = pfn << EXO_PAGE_SHIFT | EXO_PTE_WRITE | EXO_PTE_NOEXEC;

		if (i && page[i] == page[i - 1])
			continue;
		if (!step(h) || !show(h, page[i], e, 1, EXO_SLOT_MEMORY))
			return false;
	}
	return true;
}

static bool copy_region(struct heir *h, const struct px_region *r)
{
	const exo_va_t kept = (exo_va_t)xo_upcall_stacks;
	uint64_t n = 1;

	if (r->flags & PX_R_IMAGE && r->start == (exo_va_t)px_arena)
		return copy_arena(h);
	/* The window is in use before the process knows itself: its tables are there. */
	if (r->flags & PX_R_FRESH && r->flags & PX_R_ROOM)
		return step(h) && add_tables(h, r->start);
	if (r->flags & (PX_R_IMAGE | PX_R_FRESH | EMPTY))
		return true;
	for (exo_va_t va = r->start; n && (va = px_next_page(va, r->end)) < r->end;
	     va += n << EXO_PAGE_SHIFT) {
		exo_va_t end = va < kept && kept < r->end ? kept : r->end;

		if (va - kept < UPCALL_BYTES)
			n = 1; /* what the kernel enters on is never taken away */
		else
			n = step(h) ? copy_run(h, r, va, end) : 0;
	}
	return n != 0;
}

/* Those that had a page fault meanwhile have it again. */
static void release(void)
{
	px_me->copying = 0;
	for (struct px_thread *t = px_me->threads; t; t = t->next)
		if (t->state == PX_WAITING && t->attend == PX_ATTEND_FORK)
			px_ready(t);
}

/* Threads that ran until the copy began, or are in the libOS, have used memory that nobody had been
 * promised when the fork began: then the child has it, too. */
static bool promise_rest(struct px_process *child)
{
	uint64_t pages = px_me->promised - px_me->objects + child->objects;

	if (pages <= child->promised)
		return true;
	if (!px_commit(pages - child->promised))
		return false;
	child->promised = pages;
	child->used.most = pages;
	return true;
}

int px_space_copy(struct px_process *child, exo_cap_t env)
{
	struct heir h = {.process = child, .here.env = EXO_SLOT_NONE, .there.env = env};
	exo_va_t va = 0;
	bool good = true;

	px_enter();
	if (++px_me->forks % HOT_FORKS == 0)
		px_me->hots = 0;
	px_me->copying = 1;
	for (const struct px_region *r; good && (r = px_tree_find(&px_regions, va)); va = r->end)
		good = (!r->vnode || px_mapped_add(child, r->vnode, 1)) && copy_region(&h, r);
	good = flush_both(&h) && good; /* what is counted for the child is in its page tables */
	good = promise_rest(child) && good;
	release();
	px_leave();
	return good ? 0 : -ENOMEM;
}

void px_space_clear(void)
{
	exo_va_t at = 0;

	px_enter();
	for (const struct px_region *r; (r = px_tree_find(&px_regions, at));) {
		exo_va_t start = r->start, end = r->end;

		at = end;
		if (!(r->flags & PX_R_OWN))
			px_clear(start, end);
	}
	px_leave();
}

/* The frames of one region. */
static bool note_region(const struct px_region *r)
{
	bool good = true;

	if (r->flags & (PX_R_IMAGE | PX_R_FRESH | EMPTY) ||
	    (r->flags & PX_R_OWN && r->flags & PX_R_SHARED))
		return true;
	px_enter();
	for (exo_va_t va = r->start; good && (va = px_next_page(va, r->end)) < r->end;) {
		exo_pfn_t pfn = px_frame_of(*px_leaf(va));
		uint64_t n = px_run_at(va, r->end, 0), counted = px_frames_counted(pfn, n);

		good = !counted || px_owned_run(px_me, pfn, counted);
		va += (counted ? counted : of_archive(pfn, n) ? n : 1) << EXO_PAGE_SHIFT;
	}
	px_leave();
	return good;
}

bool px_space_note(void)
{
	struct px_owned *piece = px_me->owned;
	uint64_t runs = piece ? piece->runs : 0;
	uint32_t count = piece ? piece->run[runs - 1].count : 0;
	exo_va_t at = 0;
	bool good;

	px_enter();
	good = !px_large_note || px_large_note();
	px_leave();
	for (const struct px_region *r; good && (r = px_tree_find(&px_regions, at)); at = r->end)
		good = note_region(r);
	good = good && px_owned_tables();
	if (!good)
		px_owned_forget(px_me, piece, runs, count);
	return good;
}
