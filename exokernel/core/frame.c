/* frame.c - taking, giving back and converting frames.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There is no search for free frames here: the client knows which frames its
 * memory capability covers, keeps its own books and proposes numbers.
 */
#include <core/account.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/env.h>
#include <core/frame.h>
#include <exo/error.h>
#include <x86_64/cpu.h>

struct exo_frame_state *frames;
uint64_t frames_end;

inline long frame_may_become(const struct cap *cap, exo_pfn_t pfn)
{
	if (!cap || !cap_covers(cap, pfn, 1) || frames[pfn].account != cap->account ||
	    frames[pfn].type == EXO_FRAME_FREE)
		return -EXO_E_CAP;
	return frame_is_plain(pfn) ? 0 : -EXO_E_BUSY;
}

void *frame_become(exo_pfn_t pfn, enum exo_frame_type type)
{
	frames[pfn].type = type;
	return __builtin_memset(direct(pfn), 0, EXO_PAGE_SIZE);
}

void frame_release(exo_pfn_t pfn)
{
	if (frames[pfn].type == EXO_FRAME_ENV || frames[pfn].type == EXO_FRAME_ACCOUNT)
		frames[pfn].generation++;
	frames[pfn].type = EXO_FRAME_DATA;
	frames[pfn].maps = 0;
	frames[pfn].wired = 0;
}

/* Free frames remember the account that gave them back (`left` counts them):
 * only another one has to wait until they are cleared. */
static bool alloc_one(const struct cap *cap, exo_pfn_t pfn, uint64_t *cleared)
{
	struct exo_frame_state *f = &frames[pfn];

	if (f->type != EXO_FRAME_FREE)
		return false;
	/* what boot left is nobody's secret, but only the first account may see it */
	if (f->account != cap->account && (f->account || account_at(cap->account)->parent)) {
		if (*cleared == EXO_ZERO_MAX)
			return false;
		__builtin_memset(direct(pfn), 0, EXO_PAGE_SIZE);
		(*cleared)++;
	}
	if (f->account)
		account_at(f->account)->left--;
	f->type = EXO_FRAME_DATA;
	f->account = cap->account;
	return true;
}

long sys_frame_alloc(struct env *self, exo_cap_t slot, exo_pfn_t first, uint64_t count)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t n = 0, cleared = 0;

	if (!count)
		return -EXO_E_INVAL;
	if (count > EXO_RUN_MAX)
		count = EXO_RUN_MAX;
	if (!cap || !cap_covers(cap, first, count))
		return -EXO_E_CAP;
	count = account_room(cap->account, count);
	if (!count)
		return -EXO_E_LIMIT;
	while (n < count && alloc_one(cap, first + n, &cleared))
		n++;
	account_count(cap->account, 0, (int64_t)n);
	return n ? (long)n : -EXO_E_TAKEN;
}

/* A name of an object that is not for those to see who have `cap`. */
static bool foreign(const struct cap *cap, exo_pfn_t pfn)
{
	return pfn && !account_within(frames[pfn].account, cap->account);
}

static void hide_env(const struct cap *cap, struct env *env)
{
	if (foreign(cap, env->next))
		env->next = 0;
	if (foreign(cap, env->prev))
		env->prev = 0;
	if (foreign(cap, env->creator))
		env->creator = 0;
	if (foreign(cap, env->take.env))
		env->take.env = 0;
	for (int i = 0; i < EXO_CPU_MAX; i++) {
		struct act *act = &env->act[i];

		if (act->state >= ACT_CALLING && foreign(cap, direct_pfn(act->callee)))
			act->callee = NULL;
		if (act->caller && foreign(cap, direct_pfn(act->caller)))
			act->caller = NULL;
	}
}

static void hide_caps(const struct cap *cap, struct cap *slot)
{
	for (int i = 0; i < EXO_CAP_SLOTS; i++) {
		uint64_t *name[] = {&slot[i].parent, &slot[i].child, &slot[i].next, &slot[i].prev};

		for (int n = 0; n < 4; n++)
			if (foreign(cap, *name[n] / EXO_CAP_SLOTS))
				*name[n] = 0;
	}
}

long sys_object_copy(struct env *self, exo_cap_t slot, exo_pfn_t pfn, exo_pfn_t to)
{
	const struct cap *cap =
		cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC | EXO_RIGHT_WRITE);
	const struct exo_frame_state *f, *t;
	union {
		struct env env;
		struct cap slot[EXO_CAP_SLOTS];
		char page[EXO_PAGE_SIZE];
	} copy;

	if (!cap || !cap_covers(cap, pfn, 1) || !cap_covers(cap, to, 1))
		return -EXO_E_CAP;
	f = &frames[pfn];
	t = &frames[to];
	if (t->account != cap->account || t->type < EXO_FRAME_DATA)
		return -EXO_E_CAP;
	if (f->type < EXO_FRAME_TABLE1)
		return -EXO_E_INVAL;
	if (!account_within(f->account, cap->account))
		return -EXO_E_CAP;
	if (t->type != EXO_FRAME_DATA || t->wired || t->going)
		return -EXO_E_BUSY;
	__builtin_memcpy(&copy, direct(pfn), EXO_PAGE_SIZE);
	if (f->type == EXO_FRAME_ENV)
		hide_env(cap, &copy.env);
	if (f->type == EXO_FRAME_CAPS)
		hide_caps(cap, copy.slot);
	__builtin_memcpy(direct(to), &copy, EXO_PAGE_SIZE);
	return 0;
}

long sys_frame_free(struct env *self, exo_cap_t slot, exo_pfn_t first, uint64_t count)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t i;
	long r;

	if (!count || count > EXO_RUN_MAX)
		return -EXO_E_INVAL;
	if (!cap || !cap_covers(cap, first, count))
		return -EXO_E_CAP;
	for (i = 0; i < count; i++)
		if ((r = frame_may_become(cap, first + i)))
			return r;
	for (i = 0; i < count; i++)
		frames[first + i].type = EXO_FRAME_FREE;
	account_at(cap->account)->left += count;
	account_count(cap->account, 0, -(int64_t)count);
	return 0;
}

/* May all of [f, f + count) be taken from accounts below that of `cap`?  Returns how many there
 * are to take and in *from whose they are, the same for all; or an error. */
static long may_take(const struct cap *cap, const struct exo_frame_state *f, uint64_t count,
		     exo_pfn_t *from)
{
	const struct exo_frame_state *end = f + count;
	long n = 0;

	for (*from = 0; f < end; f++) {
		if (f->type <= EXO_FRAME_FREE || f->account == cap->account)
			continue;
		if (f->type == EXO_FRAME_INFO ||
		    (!*from && !account_within(f->account, cap->account)))
			return -EXO_E_CAP;
		if (*from && *from != f->account)
			return -EXO_E_INVAL;
		if (f->type != EXO_FRAME_DATA || f->wired)
			return -EXO_E_BUSY;
		*from = f->account;
		n++;
	}
	return n;
}

/* Once no frame can be mapped any more, a pass over all page tables finds all
 * mappings there are; but only the count says that none is left, since frames may have come back
 * and gone again since the pass was begun. What was guaranteed is what the taker said to the
 * account right below its own, not what that one says to those below it.  Nobody undoes what
 * was begun further above: frames remember from how far above they are taken. */
long sys_frame_take(struct env *self, exo_cap_t slot, exo_pfn_t first, uint64_t count)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	struct exo_frame_state *f, *end;
	uint64_t mapped = 0;
	exo_pfn_t from, below;
	uint8_t mark;
	long n;

	if (!count || count > EXO_TAKE_MAX)
		return -EXO_E_INVAL;
	if (!cap || !cap_covers(cap, first, count))
		return -EXO_E_CAP;
	f = &frames[first];
	end = f + count;
	n = may_take(cap, f, count, &from);
	if (n <= 0)
		return n;
	mark = (uint8_t)(account_at(cap->account)->depth + 1);
	for (below = from; account_at(below)->parent != cap->account;)
		below = account_at(below)->parent;
	if (account_at(below)->used - (uint64_t)n < account_at(below)->guaranteed) {
		for (; f < end; f++)
			if (f->account == from &&
			    f->going >= mark) /* an earlier step may have begun */
				f->going = 0;
		return -EXO_E_LIMIT;
	}
	for (; f < end; f++)
		if (f->type == EXO_FRAME_DATA && f->account == from) {
			if (!f->going || f->going > mark)
				f->going = mark;
			mapped |= f->maps;
		}
	if (mapped) {
		env_sweep(self, first, count);
		return 1;
	}
	for (f = &frames[first]; f < end; f++)
		if (f->going && f->account == from) {
			f->account = cap->account;
			f->going = f->going < mark ? f->going : 0;
		}
	account_count(from, cap->account, -n);
	return 0;
}
