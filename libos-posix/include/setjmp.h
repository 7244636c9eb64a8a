/* setjmp.h - newlib's, with the names of POSIX and BSD.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SETJMP_H
#define _PX_SETJMP_H

#include_next <setjmp.h>

#include <sys/cdefs.h>
#include <sys/signal.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	jmp_buf __context;
	int __saved;
	sigset_t __mask;
} sigjmp_buf[1];

int _setjmp(jmp_buf);
void _longjmp(jmp_buf, int) __attribute__((__noreturn__));
void siglongjmp(sigjmp_buf, int) __attribute__((__noreturn__));

/* The context must be taken in the caller's own frame, so this is a macro. */
#define sigsetjmp(env, save)                                                                       \
	((env)->__saved = (save),                                                                  \
	 (env)->__saved ? sigprocmask(SIG_SETMASK, (void *)0, &(env)->__mask) : 0,                 \
	 setjmp((env)->__context))

#ifdef __cplusplus
}
#endif

#endif
