/* upcall.h - activations from the libOS's side: entry, resume, further CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The contract with the kernel is exo/upcall.h.  libexo does the part of it
 * that has no choices: it enters C on the stack of the frame, and goes on
 * without a call, in the marked range that the kernel can restart.
 *
 * GS base holds the address of the running activation in all code that libexo
 * starts; a libOS whose programs use GS for themselves must not use xo_self().
 */
#ifndef LIBEXO_UPCALL_H
#define LIBEXO_UPCALL_H

#define XO_BEGIN_SP		0
#define XO_BEGIN_ACTIVATION	8
#define XO_BEGIN_FN		16
#define XO_BEGIN_ARG		24
#define XO_A_FRAMES		128	/* offset of exo_activation.frame */

#ifndef __ASSEMBLER__

#include <exo/upcall.h>

/* Defined by the libOS: every upcall but START.  It runs on the frame's
 * upcall_sp; returning resumes the frame with whatever was changed in it.
 * Vector registers are still the interrupted ones: compile what runs here with
 * -mgeneral-regs-only, or go through xo_vector_call. */
void exo_upcall(struct exo_frame *frame, uint64_t kind, uint64_t addr);

/* Where the kernel enters; for exo_activation.entry.  START goes to the
 * struct xo_begin in rdx. */
extern const char xo_upcall_entry[];

/* Go on with frame[depth - 1] of `a`, which is the running activation and has
 * depth >= 1.  General registers, FS and GS base (and PKRU) come from the
 * frame, vector registers are left alone. */
_Noreturn void xo_resume(struct exo_activation *a);

/* Call fn(arg) with all vector registers saved before (on this stack: about
 * xo_vector_bytes) and restored after, fn starting with a clean control state.
 * Returns what fn returned. */
long xo_vector_call(long (*fn)(void *), void *arg);
extern uint32_t xo_vector_bytes;

/* Save all vector registers, or load them.  area: xo_vector_bytes of memory, 64-byte aligned, all zero
 * before it is saved to for the first time. */
void xo_vector_save(void *area);
void xo_vector_restore(const void *area);

/* Stacks of activation 0's frames: EXO_FRAME_DEPTH of xo_upcall_stack_bytes
 * each, lowest frame first.  libexo has 4 KiB each, as weak names;
 * a libOS that wants others defines both names. */
extern char xo_upcall_stacks[];
extern const uint32_t xo_upcall_stack_bytes;

/* Fill an activation that is not running yet: entry, resume range, no
 * asynchronous upcalls, and one stack of `bytes` for each frame from `stacks`
 * (16-byte aligned) on.  `a` is page aligned and two pages long. */
void xo_activation_init(struct exo_activation *a, uint32_t index, char *stacks, uint32_t bytes);

/* What an activation begins with: give its address as activation_bind's
 * argument, and keep it until fn runs.  fn must not return. */
struct xo_begin {
	uint64_t sp;		/* top of its stack, 16-byte aligned */
	struct exo_activation *activation;
	void (*fn)(void *);
	void *arg;
};

/* Bind activation `index` of the caller to frames pfn, pfn + 1 (mapped at b->activation, which
 * xo_activation_init filled; `cap`: FRAMES over them) and give it the slot `slot` of `cpu` for ns
 * at a time under EXO_SLOT_CPU.  Returns 0 or an error of either call. */
long xo_activation_start(const struct xo_begin *b, exo_cap_t cap, exo_pfn_t pfn, uint32_t cpu,
			 uint32_t slot, exo_ns_t ns);

/* The running activation. */
static inline struct exo_activation *xo_self(void)
{
	struct exo_activation *a;

	__asm__("mov %%gs:%c1, %0"
		: "=r"(a)
		: "i"(__builtin_offsetof(struct exo_activation, self)));
	return a;
}

/* Take the bits of `mask` that are set in a's event word and clear them there. */
static inline uint64_t xo_events_take(struct exo_activation *a, uint64_t mask)
{
	return __atomic_fetch_and(&a->event, ~mask, __ATOMIC_ACQ_REL) & mask;
}

_Static_assert(__builtin_offsetof(struct exo_activation, frame) == XO_A_FRAMES, "upcall.S");
_Static_assert(__builtin_offsetof(struct xo_begin, activation) == XO_BEGIN_ACTIVATION, "upcall.S");
_Static_assert(__builtin_offsetof(struct xo_begin, arg) == XO_BEGIN_ARG, "upcall.S");

#endif
#endif
