/* altstack.c - another stack for handlers.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/thread.h>
#include <errno.h>
#include <fd/file.h>
#include <signal/scene.h>

int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
	struct px_tcb *me = px_self();
	bool in_use = px_on_alternative((uint64_t)__builtin_frame_address(0));
	stack_t before = {.ss_sp = (void *)me->alt_stack,
			  .ss_size = me->alt_bytes,
			  .ss_flags = !me->alt_bytes ? SS_DISABLE
				      : in_use       ? SS_ONSTACK
						     : 0};

	if (new) {
		if (in_use)
			return (int)px_result(-EPERM);
		if (new->ss_flags &&new->ss_flags != SS_DISABLE &&new->ss_flags != SS_ONSTACK)
			return (int)px_result(-EINVAL);
		if (new->ss_flags & SS_DISABLE) {
			me->alt_stack = me->alt_bytes = 0;
		} else if (new->ss_size < MINSIGSTKSZ) {
			return (int)px_result(-ENOMEM);
		} else {
			me->alt_stack = (uint64_t) new->ss_sp;
			me->alt_bytes = new->ss_size;
		}
	}
	if (old)
		*old = before;
	return 0;
}
