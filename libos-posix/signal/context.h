/* context.h - what registers.S knows of a ucontext_t.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CONTEXT_H
#define PX_CONTEXT_H

#define PX_UC_GREGS  40
#define PX_UC_FPREGS 224
#define PX_UC_FP     424 /* what uc_mcontext.fpregs of a saved one leads to */
#define PX_UC_MXCSR  24  /* from there on; the x87's control word is first */

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <ucontext.h>

_Static_assert(offsetof(ucontext_t, uc_mcontext.gregs) == PX_UC_GREGS, "registers.S");
_Static_assert(offsetof(ucontext_t, uc_mcontext.fpregs) == PX_UC_FPREGS, "registers.S");
_Static_assert(offsetof(ucontext_t, __fpregs_mem) == PX_UC_FP, "registers.S");
_Static_assert(offsetof(struct _libc_fpstate, mxcsr) == PX_UC_MXCSR, "registers.S");

/* Where the function of a made context returns to: its uc_link is in rbx. */
extern const char px_context_return[];

/* For registers.S, in context.c: the signal masks of what is left and gone on with. */
int px_context_left(ucontext_t *u);
void px_context_taken(const ucontext_t *u);
void px_context_swapped(ucontext_t *left, const ucontext_t *u);
_Noreturn void px_context_over(const ucontext_t *link);

#endif
#endif
