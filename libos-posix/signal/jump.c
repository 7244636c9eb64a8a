/* jump.c - jumps that restore the signal mask.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <signal.h>

void siglongjmp(sigjmp_buf env, int value)
{
	if (env->__saved)
		sigprocmask(SIG_SETMASK, &env->__mask, NULL);
	longjmp(env->__context, value);
}
