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
#include <vm/frames.h>
#include <vm/owned.h>
#include <vm/vm.h>

#define UPCALL_BYTES (EXO_FRAME_DEPTH * (uint64_t)EXO_PAGE_SIZE)
#define SLOT_BITS    EXO_PTE_OF_SLOT(EXO_MAP_SLOTS - 1)
#define KIND_BITS    (EXO_PTE_WRITE | EXO_PTE_NOEXEC | SLOT_BITS)

/* Operations on one address space, on their way to the kernel. */
struct batch {
	exo_cap_t env;
	uint32_t n;
	struct exo_map_op op[EXO_BATCH_MAX];
};

struct heir {
	struct px_process *process;
	struct batch here, there;
	uint64_t table[3]; /* numbers of the tables of levels 1 to 3 made last */
	uint64_t left_out; /* pages of the stack */
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

/* A private page whose frame nobody counts, or of which there are as many as can be counted. */
static bool copy_now(struct heir *h, exo_va_t va, uint64_t e)
{
	exo_pfn_t pfn = px_copy_frame(va);

	e = (e & ~(uint64_t)EXO_PTE_FRAME) | pfn << EXO_PAGE_SHIFT;
	return pfn && show(h, va, e, 1, EXO_SLOT_MEMORY);
}

static bool of_archive(exo_pfn_t pfn, uint64_t n)
{
	uint64_t at = pfn - px_arena->archive_pfn;

	return at < px_arena->archive_pages && n <= px_arena->archive_pages - at;
}

static uint64_t referenced(exo_pfn_t pfn, uint64_t n)
{
	uint64_t i = 0;

	while (i < n && px_frame_counted(pfn + i) && px_frame_ref(pfn + i))
		i++;
	return i;
}

/* The next pages of r that are there, and alike.  Returns how many, 0: no memory. */
static uint64_t copy_run(struct heir *h, const struct px_region *r, exo_va_t va, exo_va_t end)
{
	uint64_t e = *px_leaf(va), n = px_run_at(va, end, KIND_BITS), counted;
	bool own =
		!(r->flags & PX_R_SHARED) && (e & EXO_PTE_WRITE || EXO_PTE_SLOT(e) == PX_SLOT_COPY);

	if (n > EXO_MAP_MAX)
		n = EXO_MAP_MAX;
	if (!px_frame_counted(px_frame_of(e))) {
		if (own || !of_archive(px_frame_of(e), n))
			n = 1;
		return (own ? copy_now(h, va, e) : show(h, va, e, n, EXO_PTE_SLOT(e))) ? n : 0;
	}
	if (r->flags & PX_R_OWN && r->flags & PX_R_SHARED) /* nobody counts who has these */
		return show(h, va, e, n, EXO_PTE_SLOT(e)) ? n : 0;
	counted = referenced(px_frame_of(e), n);
	if (!counted)
		return copy_now(h, va, e) ? 1 : 0;
	if (own)
		protect(h, va, e, counted);
	return show(h, va, e, counted, own ? PX_SLOT_COPY : EXO_PTE_SLOT(e)) ? counted : 0;
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

/* From where on r is copied. */
static exo_va_t begin_of(struct heir *h, const struct px_region *r, exo_va_t sp)
{
	exo_va_t from = r->start;

	if (!(r->flags & PX_R_STACK) || sp < r->start || sp >= r->end)
		return from;
	while ((from = px_next_page(from, px_page_of(sp))) < px_page_of(sp)) {
		h->left_out++;
		from += EXO_PAGE_SIZE;
	}
	return px_page_of(sp);
}

static bool copy_region(struct heir *h, const struct px_region *r, exo_va_t sp)
{
	const exo_va_t kept = (exo_va_t)xo_upcall_stacks;
	uint64_t n = 1;

	if (r->flags & PX_R_IMAGE && r->start == (exo_va_t)px_arena)
		return copy_arena(h);
	/* The window is in use before the process knows itself: its tables are there. */
	if (r->flags & PX_R_FRESH && r->flags & PX_R_ROOM)
		return step(h) && add_tables(h, r->start);
	if (r->flags & (PX_R_IMAGE | PX_R_FRESH))
		return true;
	for (exo_va_t va = begin_of(h, r, sp); n && (va = px_next_page(va, r->end)) < r->end;
	     va += n << EXO_PAGE_SHIFT) {
		exo_va_t end = va < kept && kept < r->end ? kept : r->end;

		if (va - kept < UPCALL_BYTES)
			n = 1; /* what the kernel enters on is never taken away */
		else
			n = step(h) ? copy_run(h, r, va, end) : 0;
	}
	return n != 0;
}

static bool copy_files(struct px_process *child)
{
	for (const struct px_mapped *m = px_me->mapped; m; m = m->next)
		if (!px_mapped_add(child, m->vnode, m->regions))
			return false;
	return true;
}

int px_space_copy(struct px_process *child, exo_cap_t env, exo_va_t sp)
{
	struct heir h = {.process = child, .here.env = EXO_SLOT_NONE, .there.env = env};
	exo_va_t va = 0;
	bool good;

	px_enter();
	good = copy_files(child);
	while (good) {
		const struct px_region *r = px_tree_find(&px_regions, va);

		if (!r)
			break;
		va = r->end;
		good = copy_region(&h, r, sp);
	}
	good = good && flush_both(&h);
	px_uncommit(h.left_out);
	child->promised -= h.left_out;
	px_leave();
	return good ? 0 : -ENOMEM;
}

/* The frames of one region. */
static bool note_region(const struct px_region *r)
{
	bool good = true;

	if (r->flags & (PX_R_IMAGE | PX_R_FRESH) || (r->flags & PX_R_OWN && r->flags & PX_R_SHARED))
		return true;
	px_enter();
	for (exo_va_t va = r->start; good && (va = px_next_page(va, r->end)) < r->end;
	     va += EXO_PAGE_SIZE) {
		exo_pfn_t pfn = px_frame_of(*px_leaf(va));

		good = !px_frame_counted(pfn) || px_owned_add(px_me, pfn);
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
	bool good = true;

	for (const struct px_region *r; good && (r = px_tree_find(&px_regions, at)); at = r->end)
		good = note_region(r);
	good = good && px_owned_tables();
	if (!good)
		px_owned_forget(px_me, piece, runs, count);
	return good;
}
