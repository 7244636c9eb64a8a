/* region.c - the regions of this process: where they lie, and memory to describe them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The libOS's own pieces (stack, heap, arena, ...) lie at random places of the upper half; what
 * mmap makes lies from a random address downwards, one at the other, so that a few page tables
 * serve many mappings.
 */
#include <env/arena.h>
#include <env/random.h>
#include <env/slots.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <libexo/start.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define FIRST       24    /* regions before there is memory for more */
#define SPARE       6     /* more than one change can need */
#define MANY        65530 /* regions, as Linux allows */
#define APART       (16 * EXO_PAGE_SIZE)
#define LOW         (EXO_VA_TOP / 2) /* a small integer taken for a pointer never hits anything */
#define GUARD       (256 * EXO_PAGE_SIZE)
#define BASE_SPREAD (1ull << 43)

struct px_tree px_regions;

static struct px_region first[FIRST];
static exo_va_t pool, pool_end, pool_limit;
static exo_va_t base; /* below which mmap places */

/* The first regions are older than the arena, and nobody else runs yet. */
static void enter(void)
{
	if (px_arena)
		px_enter();
}

static void leave(void)
{
	if (px_arena)
		px_leave();
}

static void init(void)
{
	px_regions.seed = px_random64() | 1;
	px_tree_feed(&px_regions, first, FIRST);
}

static struct px_region *add(const struct px_region *like)
{
	struct px_region *r;

	enter();
	if (!px_regions.seed)
		init();
	r = px_tree_add(&px_regions, like);
	leave();
	return r;
}

/* One more page of nodes. */
static bool grow(void)
{
	if (!pool) {
		uint64_t bytes = px_round_up((MANY + SPARE) * sizeof(struct px_region));

		pool = px_place(bytes);
		if (!pool)
			return false;
		px_region_note("regions", pool, bytes);
		pool_end = pool;
		pool_limit = pool + bytes;
	}
	if (pool_end == pool_limit || !px_promise(1))
		return false;
	if (px_map_now(pool_end, 1) < 0) {
		px_unpromise(1);
		return false;
	}
	px_tree_feed(&px_regions, (struct px_region *)pool_end,
		     EXO_PAGE_SIZE / sizeof(struct px_region));
	pool_end += EXO_PAGE_SIZE;
	return true;
}

bool px_spare(void)
{
	bool good = true;

	if (__builtin_expect(px_regions.spare < SPARE + 1, 0)) {
		enter();
		good = px_regions.spare >= SPARE + 1 || grow();
		leave();
	}
	return good;
}

exo_va_t px_place(uint64_t bytes)
{
	exo_va_t found = 0;

	if (bytes >= EXO_VA_TOP - LOW)
		return 0;
	enter();
	for (int i = 0; i < 64 && !found; i++) {
		exo_va_t va = px_page_of(LOW + px_random64() % (EXO_VA_TOP - LOW - bytes));

		if (px_tree_clear(&px_regions, va - APART, va + bytes + APART))
			found = va;
	}
	leave();
	return found;
}

static void note(const char *name, exo_va_t start, uint64_t bytes, uint32_t flags)
{
	if (start)
		add(&(struct px_region){.start = px_page_of(start),
					.end = px_round_up(start + bytes),
					.flags = (uint16_t)(PX_R_OWN | flags),
					.name = name});
}

/* What the kernel put there is noted with the program. */
static void note_kernel_pages(void)
{
	const struct exo_start *s = xo_start;

	note("start", (exo_va_t)s, sizeof(*s), 0);
	note("activation", s->activation, 2 * EXO_PAGE_SIZE, PX_R_FRESH);
	note("console", s->console, sizeof(struct exo_console), PX_R_SHARED);
	note("info", s->info, EXO_INFO_FRAMES * EXO_PAGE_SIZE, 0);
}

void px_region_note_as(const char *name, exo_va_t start, uint64_t bytes, uint32_t flags)
{
	if (!px_regions.seed)
		note_kernel_pages();
	note(name, start, bytes, flags);
}

void px_region_note(const char *name, exo_va_t start, uint64_t bytes)
{
	px_region_note_as(name, start, bytes, 0);
}

/* Writable, or it was before its frame got shared. */
static bool may_write(uint64_t e)
{
	return e & EXO_PTE_WRITE || EXO_PTE_SLOT(e) == PX_SLOT_COPY;
}

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

struct px_region *px_region_add(const char *name, uint64_t bytes, uint64_t limit, uint32_t around)
{
	bool stack = is(name, "stack");
	exo_va_t below = stack ? GUARD : 0, va;
	struct px_region *r = NULL;

	enter();
	va = px_spare() ? px_place(below + limit) : 0;
	if (va) {
		struct px_region like = {.start = va + below,
					 .end = va + below + bytes,
					 .prot = EXO_PROT_READ | EXO_PROT_WRITE,
					 .flags =
						 stack ? PX_R_STACK | PX_R_NORESERVE : PX_R_CHARGED,
					 .around = (uint8_t)around,
					 .name = name};

		r = add(&like);
		if (stack)
			add(&(struct px_region){.start = va,
						.end = va + below,
						.flags = PX_R_OWN | PX_R_GUARD,
						.name = "guard"});
		if (limit > bytes)
			add(&(struct px_region){.start = va + bytes,
						.end = va + limit,
						.flags = PX_R_OWN | PX_R_ROOM,
						.name = name});
	}
	leave();
	return r;
}

struct px_region *px_region_at(exo_va_t va)
{
	struct px_region *r = px_tree_find(&px_regions, va);

	return r && va >= r->start ? r : NULL;
}

exo_va_t px_room(exo_va_t hint, uint64_t bytes, exo_va_t ceil)
{
	exo_va_t va;

	hint = px_round_up(hint);
	if (hint >= EXO_VA_MIN && hint < EXO_VA_TOP && bytes <= EXO_VA_TOP - hint &&
	    px_tree_clear(&px_regions, hint, hint + bytes))
		return hint;
	if (!base)
		base = px_page_of(EXO_VA_TOP - GUARD - px_random64() % BASE_SPREAD);
	va = px_tree_room(&px_regions, bytes, EXO_VA_MIN, ceil && ceil < base ? ceil : base);
	return va ? va : px_tree_room(&px_regions, bytes, EXO_VA_MIN, ceil ? ceil : EXO_VA_TOP);
}

/* One region for each run of pages with one protection. */
static bool open_one(struct px_region *r)
{
	exo_va_t at = r->start, end = r->end;

	px_tree_remove(&px_regions, r);
	while (at < end) {
		uint64_t e = px_pte(at), mask = EXO_PTE_NOEXEC | EXO_PTE_PRESENT;
		exo_va_t to = at + EXO_PAGE_SIZE;

		while (to < end && !((px_pte(to) ^ e) & mask) &&
		       may_write(px_pte(to)) == may_write(e))
			to += EXO_PAGE_SIZE;
		if (!px_spare())
			return false;
		add(&(struct px_region){.start = at,
					.end = to,
					.prot = (uint8_t)(EXO_PROT_READ |
							  (may_write(e) ? EXO_PROT_WRITE : 0) |
							  (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC)),
					.flags = e & EXO_PTE_PRESENT ? PX_R_NORESERVE : PX_R_OWN,
					.around = 1,
					.name = "program"});
		at = to;
	}
	return true;
}

bool px_changeable(exo_va_t start, exo_va_t end)
{
	struct px_region *r = px_tree_find(&px_regions, start);

	while (r && r->start < end) {
		exo_va_t next = r->end;

		if (r->flags & PX_R_OWN) {
			if (r->prot || !is(r->name, "program") || !open_one(r))
				return false;
			next = start;
		}
		r = next < end ? px_tree_find(&px_regions, next) : NULL;
	}
	return true;
}

struct px_region *px_cut(exo_va_t start, exo_va_t end)
{
	struct px_region *r = px_tree_find(&px_regions, start), *last;

	if (!r || r->start >= end)
		return NULL;
	if (r->start < start) {
		px_vnode_keep(r->vnode);
		r = px_tree_split(&px_regions, r, start);
	}
	last = px_tree_find(&px_regions, end - 1);
	if (last && last->start < end && last->end > end) {
		px_vnode_keep(last->vnode);
		px_tree_split(&px_regions, last, end);
	}
	return r;
}

struct px_region *px_region_next(const struct px_region *r, exo_va_t end)
{
	struct px_region *next = px_tree_find(&px_regions, r->end);

	return next && next->start < end ? next : NULL;
}

void px_put(const struct px_region *like)
{
	uint32_t before = px_regions.count;
	struct px_region *r = px_tree_put(&px_regions, like);

	for (uint32_t n = before + 1 - px_regions.count; n; n--)
		px_vnode_drop(r->vnode);
}

struct px_region *px_join(struct px_region *r)
{
	uint32_t before = px_regions.count;

	r = px_tree_join(&px_regions, r);
	for (uint32_t n = before - px_regions.count; n; n--)
		px_vnode_drop(r->vnode);
	return r;
}
