/* region.c - the regions of this process: where they lie, and memory to describe them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The libOS's own pieces lie around random places of the upper half, with room of a random size
 * between them, and what mmap makes lies from a random address downwards, one at the other: so a
 * few page tables serve many, which fork, exec and exit have to make, look through and take apart.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/random.h>
#include <env/slots.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <libexo/start.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define FIRST 40    /* regions before there is memory for more */
#define SPARE 6     /* more than one change can need */
#define MANY  65530 /* regions, as Linux allows */
#define APART (16 * EXO_PAGE_SIZE)
#define LOW   (EXO_VA_TOP / 2) /* a small integer taken for a pointer never hits anything */
#define GUARD (256 * EXO_PAGE_SIZE)
/* What lies beside one another needs few page tables: the stack ends where the heap begins, but for
 * small pieces between them. */
#define TRIES          16
#define REACH          (1ull << 39) /* of a table of level 3 */
#define GIGABYTE       (1ull << 30) /* of a table of level 2 */
#define TABLE          (EXO_LARGE_FRAMES * (uint64_t)EXO_PAGE_SIZE)
#define BASE_SPREAD    (1ull << 29)
#define ROOM_FOR_STACK (16ull << 20)
#define BETWEEN        (1ull << 20)
#define SMALL          (BETWEEN / 4)

struct px_tree px_regions;

static struct px_region first[FIRST];
static exo_va_t pool, pool_end, pool_limit;
static exo_va_t base;           /* below which mmap places */
static exo_va_t hole, hole_end; /* unmapped last: the next mapping may fit */
static exo_va_t middle;         /* below it lies the stack, from it on small pieces */
static exo_va_t near;           /* where the next of those may lie */
static exo_va_t common; /* a gigabyte for what is larger, most of it the same in all processes */

void px_space_await(void)
{
	while (__builtin_expect(px_me->frozen, 0) && px_arena->depth == 1)
		px_block_firmly(&px_me->maker.waiters);
}

void px_space_enter(void)
{
	px_enter();
	px_space_await();
}

/* The first regions are older than the arena, and nobody else runs yet; so is the arena than the
 * process. */
static void enter(void)
{
	if (px_me)
		px_space_enter();
	else if (px_arena)
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

static exo_va_t random_below(uint64_t bytes)
{
	return px_page_of(px_random64() % bytes);
}

/* All processes of the image lie below the same table of level 3 as the arena, each somewhere
 * else. */
static void settle(void)
{
	const uint64_t places = (EXO_VA_TOP - LOW) / REACH - 4; /* the heap reaches far */
	exo_va_t reach = px_arena ? (exo_va_t)px_arena & -REACH
				  : (LOW & -REACH) + (1 + px_random64() % places) * REACH;

	middle = reach + REACH / 2 + (random_below(REACH / 4) & -TABLE) + TABLE / 8 +
		 random_below(TABLE / 4);
	common = px_arena ? (exo_va_t)px_arena & -GIGABYTE
			  : reach + (random_below(REACH / 4) & -GIGABYTE);
	near = middle;
}

static bool is_clear(exo_va_t va, uint64_t bytes)
{
	return px_tree_clear(&px_regions, va - APART, va + bytes + APART);
}

/* Between stack and heap; 0: there is no room. */
static exo_va_t place_near(uint64_t bytes)
{
	exo_va_t va = near + APART + random_below(APART);

	if (bytes > SMALL || va + bytes + APART > middle + BETWEEN || !is_clear(va, bytes))
		return 0;
	near = va + bytes;
	return va;
}

/* The stack below the middle, what may grow to a table's reach and beyond above the small pieces.
 */
static exo_va_t place_beside(bool stack, uint64_t bytes)
{
	exo_va_t va = stack ? middle - APART - random_below(APART) - bytes
			    : middle + BETWEEN + random_below(4 * APART);

	return (stack || bytes >= REACH) && is_clear(va, bytes) ? va : 0;
}

/* Of [from, from + room) a random part that is clear. */
static exo_va_t place_within(exo_va_t from, uint64_t room, uint64_t bytes)
{
	for (int i = 0; i < TRIES && bytes < room; i++) {
		exo_va_t va = from + random_below(room - bytes);

		if (is_clear(va, bytes))
			return va;
	}
	return 0;
}

static exo_va_t place_apart(uint64_t bytes)
{
	exo_va_t va = place_within(common, GIGABYTE, bytes);

	if (!va)
		va = place_within(common & -REACH, REACH / 4, bytes);
	return va ? va : place_within(LOW, EXO_VA_TOP - LOW, bytes);
}

static __attribute__((cold)) exo_va_t place(bool stack, uint64_t bytes)
{
	exo_va_t va;

	enter();
	if (!middle)
		settle();
	va = place_near(bytes);
	if (!va)
		va = place_beside(stack, bytes);
	if (!va)
		va = place_apart(bytes);
	leave();
	return va;
}

exo_va_t px_place(uint64_t bytes)
{
	return place(false, bytes);
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

__attribute__((cold)) struct px_region *px_region_add(const char *name, uint64_t bytes,
						      uint64_t limit, uint32_t around)
{
	bool stack = is(name, "stack");
	exo_va_t below = stack ? GUARD : 0, va;
	struct px_region *r = NULL;

	enter();
	va = px_spare() ? place(stack, below + limit) : 0;
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

void px_room_left(exo_va_t start, exo_va_t end)
{
	hole = start > EXO_VA_MIN ? start : EXO_VA_MIN;
	hole_end = end > hole ? end : hole;
}

exo_va_t px_room(exo_va_t hint, uint64_t bytes, exo_va_t ceil)
{
	exo_va_t va, top = ceil ? ceil : EXO_VA_TOP;

	hint = px_round_up(hint);
	if (hint >= EXO_VA_MIN && hint < EXO_VA_TOP && bytes <= EXO_VA_TOP - hint &&
	    px_tree_clear(&px_regions, hint, hint + bytes))
		return hint;
	if (!base)
		base = middle - ROOM_FOR_STACK - random_below(BASE_SPREAD);
	if (ceil > base || !ceil)
		ceil = base;
	if (hole_end <= ceil && hole_end - hole >= bytes &&
	    px_tree_clear(&px_regions, hole_end - bytes, hole_end))
		return hole_end - bytes;
	va = px_tree_room(&px_regions, bytes, EXO_VA_MIN, ceil);
	return va ? va : px_tree_room(&px_regions, bytes, EXO_VA_MIN, top);
}

/* One region for each run of pages with one protection.  Code that the libOS has a part in stays as
 * it is: who took that away would stop in the middle of what all processes share. */
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
		bool stays = !(e & EXO_PTE_PRESENT) || (exo_va_t)open_one - at < to - at;

		add(&(struct px_region){.start = at,
					.end = to,
					.prot = (uint8_t)(EXO_PROT_READ |
							  (may_write(e) ? EXO_PROT_WRITE : 0) |
							  (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC)),
					.flags = stays ? PX_R_OWN : PX_R_NORESERVE,
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
