/* frame.c - taking, giving back and converting frames.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There is no search for free frames here: the client knows which frames its
 * memory capability covers, keeps its own books and proposes numbers.
 */
#include <core/calls.h>
#include <core/cap.h>
#include <core/frame.h>
#include <exo/error.h>
#include <x86_64/cpu.h>

struct frame *frames;
uint64_t frames_end;

inline long frame_may_become(const struct cap *cap, exo_pfn_t pfn)
{
	if (!cap || !cap_covers(cap, pfn, 1) || frames[pfn].account != cap->account ||
	    frames[pfn].type == FRAME_FREE)
		return -EXO_E_CAP;
	return frame_is_plain(pfn) ? 0 : -EXO_E_BUSY;
}

void *frame_become(exo_pfn_t pfn, enum frame_type type)
{
	frames[pfn].type = type;
	return __builtin_memset(direct(pfn), 0, EXO_PAGE_SIZE);
}

void frame_release(exo_pfn_t pfn)
{
	frames[pfn].type = FRAME_DATA;
	frames[pfn].generation++;
	frames[pfn].maps = 0;
	frames[pfn].wired = 0;
}

long sys_frame_alloc(struct env *self, exo_cap_t slot, exo_pfn_t first, uint64_t count)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	uint64_t n, cleared = 0;

	if (!count)
		return -EXO_E_INVAL;
	if (count > EXO_RUN_MAX)
		count = EXO_RUN_MAX;
	if (!cap || !cap_covers(cap, first, count))
		return -EXO_E_CAP;
	for (n = 0; n < count && frames[first + n].type == FRAME_FREE; n++) {
		struct frame *f = &frames[first + n];

		if (f->account && f->account != cap->account) {
			if (cleared == EXO_ZERO_MAX)
				break;
			__builtin_memset(direct(first + n), 0, EXO_PAGE_SIZE);
			cleared++;
		}
		f->type = FRAME_DATA;
		f->account = cap->account;
	}
	return n ? (long)n : -EXO_E_TAKEN;
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
		frames[first + i].type = FRAME_FREE;
	return 0;
}
