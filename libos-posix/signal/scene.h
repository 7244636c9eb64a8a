/* scene.h - what a handler runs with, on the stack of the thread.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * It lies at the lowest address of what is in use, so that nothing that comes while it is left,
 * below the stack pointer, can harm it.
 */
#ifndef PX_SCENE_H
#define PX_SCENE_H

#define PX_SCENE_GREGS 232 /* offset of uc.uc_mcontext.gregs */
#define PX_SCENE_ROOM  640 /* what is used of it, a multiple of 64 */
#define PX_SCENE_FP    512 /* what FXSAVE stores */

#ifndef __ASSEMBLER__

#include <exo/upcall.h>
#include <signal/signals.h>
#include <stddef.h>

struct px_scene {
	uint64_t rip, cs, rflags, rsp, ss; /* what iretq takes: filled at the end */
	union {
		void (*handler)(int, siginfo_t *, void *);
		uint64_t zero;
	};
	int number;
	uint32_t flags; /* SA_* */
	uint64_t unused;
	union {
		siginfo_t info;
		struct px_siginfo known; /* what there is in it */
	};
	ucontext_t uc; /* but for what follows the mask, as in Linux's own */
};

_Static_assert(offsetof(struct px_scene, uc.uc_mcontext.gregs) == PX_SCENE_GREGS, "enter.S");
_Static_assert(offsetof(struct px_scene, uc.__fpregs_mem) <= PX_SCENE_ROOM, "enter.S");

/* enter.S: take signals as if they had interrupted where this is called; first, unless it is 0, one
 * that the calling thread sends to itself. */
void px_signal_here(int number);

/* Go on with the registers of s->uc. */
_Noreturn void px_scene_resume(struct px_scene *s);

/* Go on with px_signal_perform(s), on the stack that s lies on. */
_Noreturn void px_scene_begin(struct px_scene *s);

/* deliver.c: what that calls. */
void px_signals_here(int number, struct px_scene *s);

/* The same, beginning with s, in what was interrupted: its handler, or, without one, to stop.
 * `vector`: room for all registers but the general ones, its header zero. */
_Noreturn void px_signal_perform(struct px_scene *s, void *vector);

/* Take the next signal that something happens at into s, which has the interrupted registers.
 * Where nothing interrupts. */
enum px_what { PX_NOTHING, PX_HANDLE, PX_STOP, PX_END };
enum px_what px_scene_next(struct px_scene *s);

/* Inside: s is for that one's handler, which is about to run.  False: it has none, or is blocked.
 */
bool px_scene_handle(struct px_scene *s, int number);

static inline void px_scene_blank(struct px_scene *s)
{
	void *at = &s->info;
	size_t words = sizeof(s->info) / 8;

	__asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0) : "memory");
}

static inline void px_scene_info(struct px_scene *s, const struct px_siginfo *from)
{
	px_scene_blank(s);
	s->known = *from;
}

/* Can a handler run now, at that depth of upcalls: does the thread hold nothing that others wait
 * for or that a jump would lose? */
bool px_signals_open(const struct px_thread *t, uint32_t depth);

/* scene.c.  Is this an address of the thread's alternative stack? */
static inline bool px_on_alternative(uint64_t sp)
{
	const struct px_tcb *t = px_self();

	return sp - t->alt_stack < t->alt_bytes;
}

/* A copy of s on the stack that the signal is to be handled on, where sp is where the thread was
 * interrupted: its address, or 0: there is no memory for it. */
uint64_t px_scene_place(const struct px_scene *s, uint64_t sp);

#endif
#endif
