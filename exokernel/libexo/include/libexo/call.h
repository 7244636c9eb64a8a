/* call.h - control transfer with the words it carries.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_CALL_H
#define LIBEXO_CALL_H

#include <exo/message.h>
#include <exo/syscall.h>

/* exo_call with how = EXO_CALL_HOW(index, pass, receive): the words of `m` go out, those of the
 * reply come back in it.  Returns what the call returns. */
static inline long xo_call(exo_cap_t env, uint64_t how, exo_ns_t deadline, struct exo_message *m)
{
	uint64_t a = env, b = how, c = deadline;
	register uint64_t r10 __asm__("r10") = m->word[0];
	register uint64_t r8 __asm__("r8") = m->word[1];
	register uint64_t r9 __asm__("r9") = m->word[2];
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8), "+r"(r9)
			 : "0"(EXO_SYS_call)
			 : "rcx", "r11", "memory", "cc");
	*m = (struct exo_message){a, {b, c, r10}};
	return r;
}

/* exo_reply with how = EXO_CALL_HOW(0, pass, receive): the words of `m` go out, badge and words of
 * the next call come back in it. */
static inline long xo_reply(uint64_t how, struct exo_message *m)
{
	uint64_t a = how, b = m->word[0], c = m->word[1];
	register uint64_t r10 __asm__("r10") = m->word[2];
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r), "+D"(a), "+S"(b), "+d"(c), "+r"(r10)
			 : "0"(EXO_SYS_reply)
			 : "rcx", "r8", "r9", "r11", "memory", "cc");
	*m = (struct exo_message){a, {b, c, r10}};
	return r;
}

#endif
