/* env.c - environments: made, given activations, stopped, taken apart.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/call.h>
#include <core/calls.h>
#include <core/cap.h>
#include <core/frame.h>
#include <core/map.h>
#include <core/power.h>
#include <core/slice.h>
#include <exo/error.h>
#include <exo/version.h>

void env_stop(struct env *env, enum exo_stop reason, uint32_t status)
{
	struct env *creator = env->creator ? direct(env->creator) : NULL;

	if (env->stopped)
		return;
	env->stopped = EXO_STATUS_STOPPED | (uint64_t)reason << 32 | status;
	if (!creator)
		power_end(reason, status);
	call_cut(env);
	if (frames[env->creator].generation == env->creator_generation && !creator->stopped &&
	    creator->act[0].state != ACT_NONE)
		slice_notify(creator, 0, env->stop_bits);
	for (uint32_t n = 0; n < cpu_count; n++)
		if (cpu_of(n)->env == env || cpu_of(n)->loaded == env)
			slice_poke(n);
}

static exo_pfn_t newest; /* head of the list of all environments */

void env_list(struct env *env)
{
	env->prev = 0;
	env->next = newest;
	if (newest)
		((struct env *)direct(newest))->prev = direct_pfn(env);
	newest = direct_pfn(env);
	env->account = frames[newest].account;
	env->account |= (uint64_t)frames[env->account].generation << 32;
}

static void unlist(struct env *env)
{
	if (env->next)
		((struct env *)direct(env->next))->prev = env->prev;
	if (env->prev)
		((struct env *)direct(env->prev))->next = env->next;
	else
		newest = env->next;
}

void env_lose(struct env *env, exo_cap_t slot)
{
	for (int i = 0; i < EXO_CPU_MAX; i++)
		if (env->act[i].state != ACT_NONE && env->act[i].slot == slot)
			env_stop(env, EXO_STOP_REVOKED, 0);
}

/* The frames can no longer be mapped.  If the environment the pass stands at is gone, it begins
 * anew; one that joins has none of them mapped. */
void env_sweep(struct env *self, exo_pfn_t first, uint64_t count)
{
	int budget = CAP_STEP / 3; /* the caller has looked at its frames */

	if (self->take.first != first || self->take.count != count ||
	    (self->take.env && frames[self->take.env].generation != self->take.generation)) {
		self->take.first = first;
		self->take.count = count;
		self->take.env = newest;
		self->take.swept = 0;
	}
	while (self->take.env) {
		struct env *env = direct(self->take.env);

		self->take.generation = frames[self->take.env].generation;
		if (!map_sweep(env,
			       &(struct map_sweep){
				       .first = first, .count = count, .at = &self->take.swept},
			       &budget))
			return;
		self->take.env = env->next;
		self->take.swept = 0;
	}
	self->take.count = 0;
}

long sys_env_create(struct env *self, exo_cap_t slot, exo_pfn_t object, exo_pfn_t slots,
		    exo_pfn_t root, uint32_t dst, uint64_t bits)
{
	const struct cap *cap = cap_get(self, slot, EXO_CAP_FRAMES, EXO_RIGHT_ALLOC);
	struct cap *c = cap_slot(self, dst), value = {.kind = EXO_CAP_ENV, .rights = ENV_RIGHTS};
	struct env *env;
	long r;

	if (!c || object == slots || object == root || slots == root)
		return -EXO_E_INVAL;
	if (c->kind)
		return -EXO_E_EXIST;
	if ((r = frame_may_become(cap, object)) || (r = frame_may_become(cap, slots)) ||
	    (r = frame_may_become(cap, root)))
		return r;
	frame_become(slots, EXO_FRAME_CAPS);
	frames[slots].maps = (uint32_t)object;
	frame_become(root, EXO_FRAME_TABLE4);
	map_root(root);
	env = frame_become(object, EXO_FRAME_ENV);
	env->root = root;
	env->program_flags = cap->rights & EXO_RIGHT_WX ? self->program_flags : 0;
	env->creator = direct_pfn(self);
	env->creator_generation = frames[env->creator].generation;
	env->stop_bits = bits;
	env->cap_pages = 1;
	env->cap_pfn[0] = slots;
	env_list(env);
	value.first = object;
	value.generation = frames[object].generation;
	cap_fill(c, NULL, &value);
	cap_fill(cap_slot(env, EXO_SLOT_SELF), c, &value);
	return 0;
}

long sys_env_stop(struct env *self, exo_cap_t slot, uint32_t status)
{
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_CONTROL, &env);

	if (r)
		return r;
	if (env->stopped)
		return -EXO_E_STATE;
	env_stop(env, env == self ? EXO_STOP_SELF : EXO_STOP_OTHER, status);
	if (env == self)
		slice_run();
	return 0;
}

long sys_env_status(struct env *self, exo_cap_t slot)
{
	struct env *env;
	long r = cap_env(self, slot, 0, &env);

	return r ? r : (long)env->stopped;
}

/* Some of the activations; true if there were any. */
static bool unbind_activations(struct env *env)
{
	int n = 0;

	for (int i = 0; i < EXO_CPU_MAX && n < 8; i++) {
		struct act *act = &env->act[i];

		if (act->state == ACT_NONE)
			continue;
		slice_forget(env, act);
		frames[act->pfn].wired--;
		frames[act->pfn + 1].wired--;
		*act = (struct act){0};
		n++;
	}
	return n;
}

/* Empty and release the last page of slots; false if its slots have too many
 * descendants for one step. */
static bool release_slots(struct env *env)
{
	exo_pfn_t pfn = env->cap_pfn[env->cap_pages - 1];
	struct cap *c = direct(pfn);
	int budget = CAP_STEP;

	for (int i = 0; i < EXO_CAP_SLOTS; i++)
		if (c[i].kind && (budget <= 0 || cap_empty(&c[i], &budget)))
			return false;
	frame_release(pfn);
	env->cap_pages--;
	return true;
}

long sys_env_destroy(struct env *self, exo_cap_t slot)
{
	struct env *env;
	long r = cap_env(self, slot, EXO_RIGHT_CONTROL, &env);

	if (r)
		return r;
	if (env == self)
		return -EXO_E_INVAL;
	if (!env->stopped)
		return -EXO_E_STATE;
	for (uint32_t n = 0; n < cpu_count; n++)
		if (cpu_of(n)->env == env || cpu_of(n)->loaded == env) {
			slice_poke(n);
			return 1;
		}
	if (unbind_activations(env) || map_unravel(env) || !release_slots(env) || env->cap_pages)
		return 1;
	frame_release(env->root);
	unlist(env);
	frame_release(direct_pfn(env));
	return 0;
}

long sys_activation_bind(struct env *self, exo_cap_t slot, uint32_t index, exo_cap_t memory,
			 exo_pfn_t pfn, uint64_t argument)
{
	struct env *env;
	struct cap *cap;
	long r = cap_env(self, slot, EXO_RIGHT_CONTROL, &env);

	if (r)
		return r;
	cap = cap_get(env, memory, EXO_CAP_FRAMES,
		      EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_ALLOC);
	if (!cap || !cap_covers(cap, pfn, 2) || frames[pfn].account != cap->account ||
	    frames[pfn + 1].account != cap->account)
		return -EXO_E_CAP;
	if (index >= EXO_CPU_MAX)
		return -EXO_E_INVAL;
	if (env->act[index].state != ACT_NONE)
		return -EXO_E_EXIST;
	if (env->stopped)
		return -EXO_E_STATE;
	for (int i = 0; i < 2; i++)
		if (frames[pfn + i].type != EXO_FRAME_DATA || frames[pfn + i].wired ||
		    frames[pfn + i].going)
			return -EXO_E_BUSY;
	if (((const struct exo_activation *)direct(pfn))->version != EXO_ABI_VERSION)
		return -EXO_E_VERSION;
	frames[pfn].wired++;
	frames[pfn + 1].wired++;
	cap->flags |= CAP_USED;
	env->act[index] =
		(struct act){.state = ACT_NEW, .pfn = pfn, .slot = memory, .argument = argument};
	return 0;
}
