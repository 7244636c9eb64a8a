/* upcall.h - entering an environment, and going on where it was.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_UPCALL_H
#define CORE_UPCALL_H

#include <core/env.h>
#include <x86_64/user.h>

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))

/* Save what `t` interrupted in the activation's next frame.  False: there is
 * none, or the activation makes no sense. */
bool upcall_save(struct act *act, const struct trap *t);

/* Must asynchronous upcalls wait (and only raise `pending`)? */
bool upcall_held(const struct act *act);

/* Save, and change t to enter the environment's upcall entry.  False as above. */
bool upcall_deliver(struct act *act, struct trap *t, uint64_t kind, uint64_t addr);

/* Fill t for an activation that is not running: its START, or its newest frame
 * - resumed, or handed to an upcall of `kind` (0: resumed). */
bool upcall_start(struct act *act, struct trap *t);
bool upcall_resume(struct act *act, struct trap *t, uint64_t kind);

static inline void upcall_save_bases(struct exo_frame *f)
{
	f->fsbase = __builtin_ia32_rdfsbase64();
	f->gsbase = __builtin_ia32_rdgsbase64();
	f->pkru = user_pkru();
}

/* As upcall_save, in a call: it needs only the registers that a call keeps. */
static inline bool upcall_save_call(struct act *act, const struct trap *t)
{
	struct exo_activation *a = act_page(act);
	uint32_t depth = READ_ONCE(a->depth);
	struct exo_frame *f = &a->frame[depth];

	if (depth >= EXO_FRAME_DEPTH)
		return false;
	a->depth = depth + 1;
	upcall_save_bases(f);
	f->rbx = t->rbx;
	f->rbp = t->rbp;
	f->r12 = t->r12;
	f->r13 = t->r13;
	f->r14 = t->r14;
	f->r15 = t->r15;
	f->kind = EXO_UP_SLICE_BEGIN;
	f->rip = t->rip;
	f->rflags = t->rflags;
	f->rsp = t->rsp;
	return true;
}

/* The frame from which an activation goes on in its call (call_return), or NULL.  The remainder
 * changes nothing but for a processor that guesses wrong: it stays within the page. */
static inline const struct exo_frame *upcall_return(struct act *act)
{
	struct exo_activation *a = act_page(act);
	uint32_t depth = READ_ONCE(a->depth) - 1;
	const struct exo_frame *f = &a->frame[depth % EXO_FRAME_DEPTH];

	if (depth >= EXO_FRAME_DEPTH)
		return NULL;
	user_set_bases(READ_ONCE(f->fsbase), READ_ONCE(f->gsbase), READ_ONCE(f->pkru));
	a->depth = depth;
	return f;
}

#endif
