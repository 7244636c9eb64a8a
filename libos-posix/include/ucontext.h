/* ucontext.h - machine contexts under their POSIX name, and going from one to another.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The functions are those of POSIX.1-2004, which later editions leave out.  A context belongs to
 * the thread that saved it or made it, or to one that goes on with it while nobody else does.
 */
#ifndef _PX_UCONTEXT_H
#define _PX_UCONTEXT_H

#include <signal.h>
#include <sys/ucontext.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Save the caller's registers and signal mask: 0, and 0 again whenever setcontext or swapcontext
 * goes on with them. */
int getcontext(ucontext_t *__context) __attribute__((__returns_twice__));

/** Go on with what getcontext, makecontext or swapcontext left: does not return. */
int setcontext(const ucontext_t *__context);

/** Save as getcontext does and go on with another: 0 when somebody goes on with what was saved. */
int swapcontext(ucontext_t *__restrict __saved, const ucontext_t *__restrict __context);

/** Let a context of getcontext's begin `function`, with so many arguments of type int, on its
 * uc_stack; when that returns its uc_link goes on, or, without one, the process exits with 0. */
void makecontext(ucontext_t *__context, void (*__function)(void), int __arguments, ...);

#ifdef __cplusplus
}
#endif

#endif
