/* view.c - the kernel's memory read as a world.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "hw.h"
#include "sched.h"

#include <core/account.h>
#include <core/cap.h>
#include <core/map.h>
#include <stdarg.h>
#include <stdio.h>

#define UNIT_SHIFT 21 /* of a sweep: 2 MiB */

struct shape shape;

const char *say(const char *format, ...)
{
	static char text[8][200];
	static int next;
	va_list args;
	char *s = text[next++ % 8];

	va_start(args, format);
	vsnprintf(s, sizeof(text[0]), format, args);
	va_end(args);
	return s;
}

uint32_t slot_number(uint32_t place)
{
	return place < SLOT_SECOND ? place : EXO_CAP_SLOTS + place - SLOT_SECOND;
}

uint32_t slot_place(uint32_t number)
{
	if (number < SLOT_SECOND)
		return number;
	if (number >= EXO_CAP_SLOTS && number < EXO_CAP_SLOTS + W_SLOTS - SLOT_SECOND)
		return number - EXO_CAP_SLOTS + SLOT_SECOND;
	return NOBODY;
}

uint8_t home_of(uint64_t pfn)
{
	for (uint32_t h = 0; h < shape.homes; h++)
		if (shape.home[h] == pfn)
			return (uint8_t)h;
	return NOBODY;
}

uint8_t home_table(exo_va_t va, int level)
{
	for (uint32_t t = 0; t < shape.tables; t++)
		if (shape.table[t].level == level &&
		    shape.table[t].va >> (12 + 9 * level) == va >> (12 + 9 * level))
			return (uint8_t)t;
	return NOBODY;
}

uint32_t frame_place(uint64_t pfn)
{
	if (pfn < W_SMALL)
		return pfn && pfn < shape.frames ? (uint32_t)pfn : NOBODY;
	if (!shape.run || pfn < EXO_LARGE_FRAMES || pfn >= 2 * EXO_LARGE_FRAMES)
		return NOBODY;
	if (pfn < EXO_LARGE_FRAMES + 2)
		return W_SMALL + (uint32_t)(pfn - EXO_LARGE_FRAMES);
	return pfn == 2 * EXO_LARGE_FRAMES - 1 ? W_SMALL + 2 : W_SMALL + 3;
}

const struct w_frame *frame_at(const struct world *w, uint64_t pfn)
{
	static const struct w_frame absent = {.account = NOBODY};
	uint32_t place = frame_place(pfn);

	return place == NOBODY ? &absent : &w->frame[place];
}

/* How far a sweep is: how many of the places where it can find anything lie behind it. */
static uint8_t progress(uint32_t unit)
{
	uint8_t n = 0;

	for (uint32_t t = 0; t < shape.tables; t++)
		n += shape.table[t].level == 1 && shape.table[t].va >> UNIT_SHIFT < unit;
	for (uint32_t p = 0; p < shape.places; p++)
		n += shape.large[p] && shape.place[p] >> UNIT_SHIFT < unit;
	return n;
}

static const char *view_frame(struct world *w, uint64_t pfn)
{
	static const uint8_t types[] = {
		[EXO_FRAME_ABSENT] = W_ABSENT,  [EXO_FRAME_FREE] = W_FREE,
		[EXO_FRAME_DATA] = W_DATA,      [EXO_FRAME_INFO] = W_INFO,
		[EXO_FRAME_TABLE1] = W_TABLE1,  [EXO_FRAME_TABLE2] = W_TABLE2,
		[EXO_FRAME_TABLE3] = W_TABLE3,  [EXO_FRAME_TABLE4] = W_TABLE4,
		[EXO_FRAME_CAPS] = W_CAPS,      [EXO_FRAME_ENV] = W_ENV,
		[EXO_FRAME_ACCOUNT] = W_ACCOUNT};
	const struct exo_frame_state *f = &frames[pfn];
	struct w_frame *to = &w->frame[frame_place(pfn)], seen = {0};

	if (f->type >= sizeof(types))
		return say("frame %lu is of no type", pfn);
	seen.type = types[f->type];
	seen.account = home_of(f->account);
	if (f->account && seen.account == NOBODY && f->type != EXO_FRAME_INFO)
		return say("frame %lu is of an account that is none", pfn);
	seen.going = f->going;
	seen.wired = (uint8_t)f->wired;
	seen.generation = (uint16_t)f->generation;
	seen.maps = f->type == EXO_FRAME_CAPS ? home_of(f->maps) : (uint16_t)f->maps;
	if (f->maps > UINT16_MAX || f->wired > UINT8_MAX)
		return say("frame %lu has a count that ran away", pfn);
	if ((f->type == EXO_FRAME_ENV || f->type == EXO_FRAME_ACCOUNT) && home_of(pfn) == NOBODY)
		return say("frame %lu became an object", pfn);
	if (pfn > EXO_LARGE_FRAMES + 2 && pfn < 2 * EXO_LARGE_FRAMES - 1 &&
	    memcmp(to, &seen, sizeof(seen)))
		return say("frame %lu differs from its neighbours", pfn);
	*to = seen;
	return NULL;
}

/* Which slot a reference of the forest means. */
static const char *view_ref(uint64_t ref, uint8_t *home, uint8_t *slot)
{
	exo_pfn_t pfn = ref / EXO_CAP_SLOTS;
	const struct env *env;

	*home = *slot = NOBODY;
	if (!ref)
		return NULL;
	if (pfn >= frames_end || frames[pfn].type != EXO_FRAME_CAPS)
		return "a capability's neighbour lies in no page of slots";
	*home = home_of(frames[pfn].maps);
	if (*home == NOBODY || frames[frames[pfn].maps].type != EXO_FRAME_ENV)
		return "a page of slots is nobody's";
	env = direct(frames[pfn].maps);
	for (uint32_t p = 0; p < env->cap_pages; p++)
		if (env->cap_pfn[p] == pfn)
			*slot = (uint8_t)slot_place(p * EXO_CAP_SLOTS +
						    (uint32_t)(ref % EXO_CAP_SLOTS));
	return *slot == NOBODY ? "a capability's neighbour is no slot" : NULL;
}

static const char *view_cap(struct w_cap *to, const struct cap *c)
{
	*to = (struct w_cap){
		.kind = c->kind,
		.rights = c->rights,
		.depth = c->depth,
		.ending = !!(c->flags & CAP_ENDING),
		.revoking = !!(c->flags & CAP_REVOKING),
		.used = !!(c->flags & CAP_USED),
		.account = c->kind == EXO_CAP_FRAMES ? home_of(c->account) : NOBODY,
		.swept = progress(c->swept),
		.generation = (uint16_t)c->generation,
		.first = (uint32_t)c->first,
		.count = (uint32_t)c->count,
	};
	return view_ref(c->parent, &to->parent, &to->parent_slot);
}

static const char *view_slots(struct w_env *to, const struct env *env)
{
	static const struct cap empty;
	const char *wrong;

	to->pages = (uint8_t)env->cap_pages;
	for (uint32_t p = 0; p < env->cap_pages && p < 2; p++) {
		const struct cap *c = direct(env->cap_pfn[p]);

		to->page[p] = (uint16_t)env->cap_pfn[p];
		for (uint32_t i = 0; i < EXO_CAP_SLOTS; i++) {
			uint32_t place = slot_place(p * EXO_CAP_SLOTS + i);

			if (!c[i].kind) {
				if (memcmp(&c[i], &empty, sizeof(empty)))
					return say("empty slot %u has something in it", i);
				continue;
			}
			if (place == NOBODY)
				return say("slot %u was filled and nobody named it", i);
			if ((wrong = view_cap(&to->cap[place], &c[i])))
				return wrong;
		}
	}
	return NULL;
}

static const char *view_leaf(struct w_env *to, uint64_t e, exo_va_t va, int level)
{
	uint64_t known = EXO_PTE_FRAME | EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_USER |
			 EXO_PTE_NOEXEC | EXO_PTE_ACCESSED | EXO_PTE_DIRTY |
			 EXO_PTE_OF_SLOT(EXO_MAP_SLOTS - 1) | (level == 2 ? EXO_PTE_LARGE : 0);

	for (uint32_t p = 0; p < shape.places; p++) {
		if (shape.place[p] != va || shape.large[p] != (level == 2))
			continue;
		if (e & ~known || !(e & EXO_PTE_USER))
			return say("the entry for %lx has bits it should not have", va);
		if (frame_place((e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT) == NOBODY)
			return say("a frame that is not there is mapped at %lx", va);
		to->map[p] = (struct w_map){
			.pfn = (uint16_t)((e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT),
			.prot = (uint8_t)(EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
					  (e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC)),
			.slot = (uint8_t)slot_place(EXO_PTE_SLOT(e)),
			.seen = (e & EXO_PTE_ACCESSED ? 1 : 0) | (e & EXO_PTE_DIRTY ? 2 : 0),
		};
		return NULL;
	}
	return say("something is mapped at %lx, where nobody asked for it", va);
}

static const char *view_table(struct w_env *to, exo_pfn_t table, int level, exo_va_t va)
{
	const uint64_t *e = direct(table);
	const char *wrong;

	for (uint64_t i = 0, n = level == 4 ? 255 : 512; (i = table_next(e, i, n)) < n; i++) {
		exo_va_t at = va | i << (12 + 9 * (level - 1));
		uint8_t t = level > 1 ? home_table(at, level - 1) : NOBODY;

		if (!(e[i] & EXO_PTE_PRESENT))
			return say("an entry for %lx is neither present nor zero", at);
		if (level == 1 || (level == 2 && e[i] & EXO_PTE_LARGE)) {
			if ((wrong = view_leaf(to, e[i], at, level)))
				return wrong;
			continue;
		}
		if (t == NOBODY || (e[i] & ~EXO_PTE_FRAME) != PTE_BRANCH)
			return say("a page table for %lx is not as it should be", at);
		to->table[t] = (uint16_t)(e[i] >> EXO_PAGE_SHIFT);
		if ((wrong = view_table(to, to->table[t], level - 1, at)))
			return wrong;
	}
	return NULL;
}

uint8_t act_home(const struct act *act, uint8_t *index)
{
	*index = NOBODY;
	if (!act)
		return NOBODY;
	*index = (uint8_t)(act - act_env(act)->act);
	return home_of(direct_pfn(act_env(act)));
}

uint32_t from_now(uint64_t time)
{
	return !time ? 0 : time <= hw_clock ? 1 : (uint32_t)(time - hw_clock) + 1;
}

static void view_act(struct w_act *to, const struct act *act)
{
	const struct exo_activation *page = act_page(act);

	*to = (struct w_act){
		.state = act->state,
		.slot = (uint8_t)slot_place(act->slot),
		.bound = (uint8_t)act->bound,
		.cpu = (uint8_t)act->cpu,
		.pfn = (uint16_t)act->pfn,
		.event_due = act->event_due,
		.callee = NOBODY,
		.callee_index = NOBODY,
		.resume = (uint8_t)(act->resume | page->user[0] << 4),
		.receive = act->receive,
		.event = (uint16_t)(page->event & 0x7fff) | (page->event >> 63 ? 0x8000 : 0),
		.depth = (uint8_t)page->depth,
		.pending = (uint8_t)page->pending,
		.deadline = from_now(act->deadline),
		.argument = act->state == ACT_RUNNING ? 0 : (int32_t)act->argument,
	};
	if (act->state >= ACT_CALLING)
		to->callee = act_home(act->callee, &to->callee_index);
	if (act->state == ACT_ASLEEP)
		to->mask = (uint16_t)act->mask;
	else if (act->state == ACT_LENDING)
		to->mask = (uint16_t)act->argument;
	to->caller = act_home(act->caller, &to->caller_index);
}

static const char *view_env(struct world *w, uint8_t h)
{
	const struct env *env = direct(shape.home[h]);
	struct w_env *to = &w->env[h];
	const char *wrong;

	*to = (struct w_env){
		.live = 1,
		.stopped = (uint8_t)EXO_STATUS_REASON(env->stopped),
		.status = (uint8_t)env->stopped,
		.wx = !!env->program_flags,
		.creator = home_of(env->creator),
		.stop_bits = (uint8_t)env->stop_bits,
		.creator_generation = (uint16_t)env->creator_generation,
		.root = (uint16_t)env->root,
	};
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		to->loaded |= (uint8_t)((hw_cpu[n].loaded == env) << n);
	if (env->on_cpus != to->loaded)
		return say("environment %u: on_cpus is %lx, on CPUs it is %x", h, env->on_cpus,
			   to->loaded);
	if (env->take.count) {
		to->take.env = home_of(env->take.env);
		to->take.first = (uint16_t)env->take.first;
		to->take.count = (uint8_t)env->take.count;
		to->take.generation = (uint16_t)env->take.generation;
		to->take.swept = progress(env->take.swept);
	}
	for (int i = 0; i < EXO_CPU_MAX; i++) {
		if (env->act[i].state == ACT_NONE)
			continue;
		if (i >= W_ACTS)
			return say("environment %u: activation %d was not asked for", h, i);
		view_act(&to->act[i], &env->act[i]);
	}
	if ((wrong = view_slots(to, env)))
		return wrong;
	return view_table(to, env->root, 4, 0);
}

static const char *view_slices(struct world *w)
{
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		for (uint32_t i = 0; i < W_SLICES || i < hw_cpu[n].slices; i++) {
			const struct exo_slice *s = &hw_cpu[n].slice[i];
			struct w_slice seen = {NOBODY, NOBODY,  NOBODY,   NOBODY,
					       0,      s->most, s->credit};
			const char *wrong;

			if (s->env) {
				uint64_t ref = (uint64_t)s->cap_frame * EXO_CAP_SLOTS + s->cap_slot;

				seen.env = home_of(s->env);
				seen.index = (uint8_t)s->index;
				seen.ns = s->ns;
				if ((wrong = view_ref(ref, &seen.cap_env, &seen.cap_slot)))
					return wrong;
				if (seen.env == NOBODY || i >= W_SLICES)
					return say("slice %u of CPU %u was not asked for", i, n);
			}
			if (i < W_SLICES)
				w->slice[n][i] = seen;
		}
	return NULL;
}

const char *view(struct world *w)
{
	const char *wrong;

	memset(w, 0, sizeof(*w));
	for (uint64_t pfn = 1; pfn < frames_end; pfn++) {
		if (frame_place(pfn) == NOBODY && frames[pfn].type != EXO_FRAME_ABSENT)
			return say("frame %lu came to life", pfn);
		if (frame_place(pfn) != NOBODY && (wrong = view_frame(w, pfn)))
			return wrong;
	}
	for (uint8_t h = 0; h < shape.homes; h++) {
		const struct exo_account *a = account_at(shape.home[h]);

		if (frames[shape.home[h]].type == EXO_FRAME_ENV && (wrong = view_env(w, h)))
			return wrong;
		if (frames[shape.home[h]].type == EXO_FRAME_ACCOUNT)
			w->account[h] = (struct w_account){
				.live = 1,
				.parent = home_of(a->parent),
				.depth = (uint8_t)a->depth,
				.children = (uint8_t)a->children,
				.used = (uint16_t)a->used,
				.left = (uint16_t)a->left,
				.limit = a->limit,
				.guaranteed = a->guaranteed,
			};
	}
	if (shape.scheduled)
		sched_view(w);
	return view_slices(w);
}
