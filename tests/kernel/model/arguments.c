/* arguments.c - single arguments of random calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <model/arguments.h>

#define PAGE ((uint64_t)EXO_PAGE_SIZE)
#define LIFE EXO_SLOT_MEMORY /* a child's slots that are no part of this */

uint64_t fuzz_seed;

uint64_t fuzz_random(void)
{
	fuzz_seed ^= fuzz_seed << 13;
	fuzz_seed ^= fuzz_seed >> 7;
	return fuzz_seed ^= fuzz_seed << 17;
}

uint64_t fuzz_below(uint64_t n)
{
	return fuzz_random() / 16 % n;
}

bool fuzz_chance(unsigned percent)
{
	return fuzz_below(100) < percent;
}

static bool is_alive(const struct m_cap *c)
{
	int env = m_env_at(c->first);

	return c->kind != EXO_CAP_ENV ||
	       (env >= 0 && !m_env[env].stopped &&
		(!env || m_frame_of(c->first)->generation == c->generation));
}

exo_cap_t slot_with(int env, uint8_t kind, unsigned rights)
{
	static const exo_cap_t odd[] = {EXO_SLOT_NONE, M_SLOTS - 1, 5000, 0xffffffff, 0x80000040};
	exo_cap_t least = env ? 0 : POOL, s = least + (exo_cap_t)fuzz_below(M_SLOTS - least);
	bool alive;

	if (fuzz_chance(3))
		return ONE_OF(odd);
	if (fuzz_chance(6))
		kind = 0;
	if (fuzz_chance(6))
		rights = 0;
	alive = fuzz_chance(85);
	for (unsigned n = 0; n < M_SLOTS; n++, s = s + 1 < M_SLOTS ? s + 1 : least) {
		const struct m_cap *c = m_slot(env, s);

		if (!c || (env && (s == LIFE || s == EXO_SLOT_INFO)))
			continue;
		if (kind ? c->kind == kind && (c->rights & rights) == rights &&
				    (!alive || is_alive(c))
			 : fuzz_chance(20))
			return s;
	}
	return EXO_SLOT_NONE;
}

exo_cap_t env_slot(int env, unsigned right)
{
	return fuzz_chance(35) ? EXO_SLOT_NONE : slot_with(env, EXO_CAP_ENV, right);
}

exo_cap_t free_slot(int env)
{
	exo_cap_t least = env ? EXO_SLOT_FREE : FIRST_FREE, s = least;

	if (fuzz_chance(5))
		return slot_with(env, 0, 0);
	for (int n = 0; n < 8; n++) {
		s = least + (exo_cap_t)fuzz_below(m_env[env].pages * EXO_CAP_SLOTS - least);
		if (!m_env[env].cap[s].kind)
			break;
	}
	return s;
}

exo_pfn_t any_frame(void)
{
	static const exo_pfn_t odd[] = {0, 0x100, ~0ull, 1ull << 52, 1ull << 63, 0xffff800000000};

	switch (fuzz_below(20)) {
	case 0:
		return ONE_OF(odd);
	case 1:
		return m_pool + M_FRAMES - 2 + fuzz_below(4);
	case 2:
		return m_pool - 1 + fuzz_below(2);
	case 3:
		return m_pool + M_FRAMES - EXO_LARGE_FRAMES + fuzz_below(2);
	case 4:
	case 5:
		return m_pool + fuzz_below(fuzz_chance(5) ? M_FRAMES : M_FRAMES - EXO_LARGE_FRAMES);
	}
	return m_pool + fuzz_below(110);
}

static bool is_wanted(const struct m_cap *c, exo_pfn_t pfn, enum want want)
{
	const struct m_frame *f = m_frame_of(pfn);
	bool own = f->type == EXO_FRAME_DATA && f->account == c->account;

	if (!m_covers(c, pfn, 1))
		return false;
	switch (want) {
	case FREE:
		return f->type == EXO_FRAME_FREE;
	case OTHERS:
		return f->type == EXO_FRAME_DATA && f->account != c->account &&
		       m_within(f->account, c->account);
	case KNOWN:
		return own && f->known && !f->wired;
	case ACT:
		return own && f->known && f->word == 1 && !f->wired && m_covers(c, pfn, 2) &&
		       m_frame_of(pfn + 1) && m_frame_of(pfn + 1)->account == c->account &&
		       m_frame_of(pfn + 1)->type == EXO_FRAME_DATA;
	case PLAIN:
		return own && !f->maps && !f->wired;
	}
	return false;
}

exo_pfn_t frame_of(int env, exo_cap_t slot, enum want want)
{
	const struct m_cap *c = m_slot(env, slot);
	exo_pfn_t from = fuzz_chance(95) ? fuzz_below(110) : fuzz_below(M_FRAMES);

	if (!c || c->kind != EXO_CAP_FRAMES)
		return 0;
	for (unsigned i = 0; i < M_FRAMES; i++)
		if (is_wanted(c, m_pool + (from + i) % M_FRAMES, want))
			return m_pool + (from + i) % M_FRAMES;
	return 0;
}

exo_pfn_t frame_for(int env, uint64_t *slot, unsigned rights, enum want want)
{
	exo_pfn_t pfn = 0;

	for (int n = fuzz_chance(90) ? 8 : 1; n && !pfn; n--) {
		*slot = slot_with(env, EXO_CAP_FRAMES, rights);
		pfn = frame_of(env, (exo_cap_t)*slot, want);
	}
	return !pfn || fuzz_chance(10) ? any_frame() : pfn;
}

exo_pfn_t alloc_frame(int env, uint64_t *slot, enum want want)
{
	return frame_for(env, slot, EXO_RIGHT_ALLOC, want);
}

uint64_t any_count(void)
{
	static const uint64_t odd[] = {0,   16,  17,  64,         65,         128,
				       129, 512, 513, 1ull << 32, 1ull << 63, ~0ull};

	return fuzz_chance(6) ? ONE_OF(odd) : fuzz_chance(15) ? fuzz_below(40) : 1 + fuzz_below(4);
}

uint32_t any_rights(void)
{
	static const uint16_t usual[] = {0x8f, 0x8f, 0x8f, 0x87, 0x83, 0x81,
					 0xbf, 0xbf, 0x07, 0x03, 0x01, 0x80};

	return fuzz_chance(15) ? (uint32_t)fuzz_below(512) : ONE_OF(usual);
}

exo_va_t fuzz_va(void)
{
	static const exo_va_t odd[] = {
		0,     EXO_VA_MIN - PAGE,  EXO_VA_TOP,    EXO_VA_TABLES, 0x800000000000,
		~0ull, 0xffff800000000000, EXO_VA_MIN + 8};
	int corner = (int)fuzz_below(M_CORNERS);

	if (fuzz_chance(2))
		return ONE_OF(odd);
	if (corner == 3)
		return EXO_VA_TOP - PAGE * (1 + fuzz_below(6));
	return m_corner(corner) + PAGE * fuzz_below(6) - (corner < 3 ? PAGE * 3 : 0);
}

uint32_t pages_at(exo_va_t va, uint32_t count)
{
	int corner, page;

	if (!m_place(va, &corner, &page) || count > EXO_MAP_MAX)
		return count;
	return page + (int)count <= M_WINDOW ? count : (uint32_t)(M_WINDOW - page);
}
