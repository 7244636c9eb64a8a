/* frames.c - search runs of frames, take them by number, count colours.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/frames.h>
#include <libexo/start.h>
#include <stdbool.h>
#include <stddef.h>

static struct xo_want filled(const struct xo_want *want)
{
	struct xo_want w = *want;

	w.count += !w.count;
	w.align += !w.align;
	w.below -= !w.below;
	return w;
}

/* The least number from pfn on that is congruent to phase; 0 if there is none. */
static exo_pfn_t aligned(exo_pfn_t pfn, const struct xo_want *w)
{
	uint64_t over = (pfn % w->align + w->align - w->phase) % w->align;

	if (!over)
		return pfn;
	return pfn + (w->align - over) > pfn ? pfn + (w->align - over) : 0;
}

/* The last of these frames that is known not to be free, or 0. */
static exo_pfn_t in_the_way(const struct xo_runs *where, exo_pfn_t pfn, uint64_t count)
{
	for (uint64_t n = where->table ? count : 0; n--;)
		if (where->table[pfn + n].type != EXO_FRAME_FREE)
			return pfn + n;
	return 0;
}

/* The same in one run; `w` is filled. */
static exo_pfn_t search(const struct xo_runs *where, const struct exo_extent *run,
			const struct xo_want *w)
{
	exo_pfn_t end = run->first + run->count;
	exo_pfn_t pfn = run->first > w->from ? run->first : w->from, wall;

	if (end > w->below)
		end = w->below;
	for (;; pfn = wall + 1) {
		pfn = aligned(pfn, w);
		if (!pfn || pfn >= end || w->count > end - pfn)
			return 0;
		wall = in_the_way(where, pfn, w->count);
		if (!wall)
			return pfn;
	}
}

exo_pfn_t xo_frames_find(const struct xo_runs *where, const struct xo_want *want)
{
	struct xo_want w = filled(want);
	exo_pfn_t pfn = 0;

	for (uint32_t i = 0; i < where->count && !pfn && w.phase < w.align; i++)
		pfn = search(where, &where->run[i], &w);
	return pfn;
}

/* Take them all or none; in *at the one that could not be had. */
static long take(exo_cap_t cap, exo_pfn_t first, uint64_t count, exo_pfn_t *at)
{
	long r;

	for (*at = first; *at < first + count; *at += (uint64_t)r) {
		r = exo_frame_alloc(cap, *at, first + count - *at);
		if (r < 0) {
			xo_frames_give(cap, first, *at - first);
			return r;
		}
	}
	return 0;
}

long xo_frames_these(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	exo_pfn_t at;

	return count ? take(cap, first, count, &at) : -EXO_E_INVAL;
}

long xo_frames_take(const struct xo_runs *where, const struct xo_want *want)
{
	struct xo_want w = filled(want), here;
	exo_pfn_t pfn;

	if (w.phase >= w.align)
		return -EXO_E_INVAL;
	for (uint32_t i = 0; i < where->count; i++)
		for (here = w; (pfn = search(where, &where->run[i], &here)); here.from++) {
			long r = take(where->cap, pfn, w.count, &here.from);

			if (!r)
				return (long)pfn;
			if (r != -EXO_E_TAKEN)
				return r;
		}
	return -EXO_E_TAKEN;
}

long xo_frames_give(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	for (uint64_t n; count; first += n, count -= n) {
		long r;

		n = count < EXO_RUN_MAX ? count : EXO_RUN_MAX;
		r = exo_frame_free(cap, first, n);
		if (r)
			return r;
	}
	return 0;
}

/* What CPUID says in its leaf `leaf`, subleaf `n`, about one cache (Intel SDM vol. 2A, leaf 4;
 * AMD64 manual vol. 3, leaf 8000001DH, has the same form). */
struct cache {
	uint32_t a, b, c, d;
};

static struct cache cpuid(uint32_t leaf, uint32_t n)
{
	struct cache r;

	__asm__ volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "0"(leaf), "2"(n));
	return r;
}

static uint32_t colours_of(const struct cache *c)
{
	uint64_t line = (c->b & 0xfff) + 1, parts = (c->b >> 12 & 0x3ff) + 1;
	uint64_t pages = ((uint64_t)c->c + 1) * line * parts / EXO_PAGE_SIZE;

	return pages ? (uint32_t)pages : 1;
}

uint32_t xo_cache_colours(uint32_t level)
{
	uint32_t leaf = 4, colours = 1, highest = 0;

	if (cpuid(0, 0).a < 4 || !(cpuid(4, 0).a & 31))
		leaf = 0x8000001d;
	if (leaf != 4 && cpuid(0x80000000, 0).a < leaf)
		return 1;
	for (uint32_t n = 0; n < 16; n++) {
		struct cache c = cpuid(leaf, n);
		uint32_t type = c.a & 31, of = c.a >> 5 & 7;

		if (!type)
			break;
		if (type == 2 || (level ? of != level : of < highest)) /* 2: instructions only */
			continue;
		highest = of;
		colours = colours_of(&c);
	}
	return colours;
}

static bool show(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages)
{
	if (pfn && !xo_map_run(s, va, pfn, pages, EXO_PROT_READ, EXO_SLOT_INFO))
		return true;
	xo_unmap_run(s, va, pages);
	return false;
}

const volatile struct exo_frame_state *xo_frame_table(const struct xo_space *s, exo_va_t va)
{
	if (!show(s, va, xo_info->frame_table, xo_frame_table_pages()))
		return NULL;
	return (const volatile struct exo_frame_state *)va;
}

const volatile struct exo_slice *xo_slice_table(const struct xo_space *s, exo_va_t va, uint32_t cpu)
{
	if (cpu >= EXO_CPU_MAX || !show(s, va, xo_info->slice_table[cpu], 1))
		return NULL;
	return (const volatile struct exo_slice *)va;
}
