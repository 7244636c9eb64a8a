/* upcall.c - the activation contract of exo/upcall.h, the kernel's side.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Exceptions come here without the kernel lock: an activation is touched by the CPU
 * that runs it.  Its page is the environment's to scribble over at any time, from other
 * CPUs too, so whatever is taken from it is read once and made
 * harmless before the processor sees it.
 */
#include <core/upcall.h>

static exo_va_t frame_va(const struct exo_activation *a, uint32_t n)
{
	return READ_ONCE(a->self) + offsetof(struct exo_activation, frame) +
	       n * sizeof(struct exo_frame);
}

static struct exo_frame *save(struct exo_activation *a, const struct trap *t, uint32_t most)
{
	uint32_t depth = READ_ONCE(a->depth);
	uint64_t commit = READ_ONCE(a->resume_commit);
	struct exo_frame *f;

	if (depth > EXO_FRAME_DEPTH)
		return NULL;
	/* In the middle of a resume the frame still holds everything. */
	if (depth && t->rip >= READ_ONCE(a->resume_begin) && t->rip < commit)
		return &a->frame[depth - 1];
	if (depth >= most)
		return NULL;
	f = &a->frame[depth];
	a->depth = depth + 1;
	if (t->rip >= commit && t->rip < READ_ONCE(a->resume_end))
		return f;
	__builtin_memcpy(&f->rax, t, sizeof(*t));
	upcall_save_bases(f);
	return f;
}

static bool enter(struct exo_activation *a, struct trap *t, uint32_t n, uint64_t kind, uint64_t arg)
{
	t->rip = READ_ONCE(a->entry);
	t->rsp = READ_ONCE(a->frame[n].upcall_sp);
	t->rdi = frame_va(a, n);
	t->rsi = kind;
	t->rdx = arg;
	t->cs = EXO_USER_CS;
	t->ss = EXO_USER_SS;
	t->rflags = RFLAGS_FIXED | RFLAGS_IF;
	this_cpu()->info->upcalls++;
	return t->rip < EXO_VA_TOP;
}

bool upcall_held(const struct act *act)
{
	const struct exo_activation *a = act_page(act);

	return READ_ONCE(a->critical) || READ_ONCE(a->depth) >= EXO_FRAME_DEPTH / 2;
}

bool upcall_save(struct act *act, const struct trap *t)
{
	struct exo_frame *f = save(act_page(act), t, EXO_FRAME_DEPTH);

	if (f)
		f->kind = EXO_UP_SLICE_BEGIN;
	return f;
}

bool upcall_deliver(struct act *act, struct trap *t, uint64_t kind, uint64_t addr)
{
	struct exo_activation *a = act_page(act);
	struct exo_frame *f = save(a, t, EXO_FRAME_DEPTH - 1);

	if (!f)
		return false;
	f->kind = kind;
	f->code = t->code;
	f->addr = addr;
	return enter(a, t, f - a->frame, kind, addr);
}

bool upcall_start(struct act *act, struct trap *t)
{
	*t = (struct trap){0};
	user_set_bases(0, 0, 0);
	return enter(act_page(act), t, 0, EXO_UP_START, act->argument);
}

bool upcall_resume(struct act *act, struct trap *t, uint64_t kind)
{
	struct exo_activation *a = act_page(act);
	uint32_t depth = READ_ONCE(a->depth);
	struct exo_frame *f;

	if (!depth || depth > EXO_FRAME_DEPTH)
		return false;
	f = &a->frame[(depth - 1) % EXO_FRAME_DEPTH]; /* as in upcall_return */
	user_set_bases(READ_ONCE(f->fsbase), READ_ONCE(f->gsbase), READ_ONCE(f->pkru));
	if (kind) {
		*t = (struct trap){0};
		f->kind = kind;
		f->addr = 0;
		return enter(a, t, depth - 1, kind, 0);
	}
	__builtin_memcpy(t, &f->rax, sizeof(*t));
	a->depth = depth - 1;
	t->cs = EXO_USER_CS;
	t->ss = EXO_USER_SS;
	t->rflags = (t->rflags & RFLAGS_USER) | RFLAGS_FIXED | RFLAGS_IF;
	if (t->rip >> 47)
		t->rip = 0; /* non-canonical would fault in the kernel's iretq; here it faults as
			       the user's */
	return true;
}
