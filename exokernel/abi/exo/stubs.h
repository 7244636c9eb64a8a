/* stubs.h - every call as an inline function exo_name(); user side only.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_STUBS_H
#define EXO_STUBS_H

#include <exo/syscall.h>
#include <exo/types.h>

static inline long exo_syscall(uint64_t nr, uint64_t a, uint64_t b, uint64_t c,
			       uint64_t d, uint64_t e, uint64_t f)
{
	register uint64_t r10 __asm__("r10") = d;
	register uint64_t r8 __asm__("r8") = e;
	register uint64_t r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8), "+r"(r9)
			 : "0"(nr)
			 : "rcx", "r11", "memory", "cc");
	return ret;
}

#define EXO_CALL0(nr, name)                                                   \
	static inline long exo_##name(void)                                   \
	{                                                                     \
		return exo_syscall(nr, 0, 0, 0, 0, 0, 0);                     \
	}
#define EXO_CALL1(nr, name, A, a)                                             \
	static inline long exo_##name(A a)                                    \
	{                                                                     \
		return exo_syscall(nr, a, 0, 0, 0, 0, 0);                     \
	}
#define EXO_CALL2(nr, name, A, a, B, b)                                       \
	static inline long exo_##name(A a, B b)                               \
	{                                                                     \
		return exo_syscall(nr, a, b, 0, 0, 0, 0);                     \
	}
#define EXO_CALL3(nr, name, A, a, B, b, C, c)                                 \
	static inline long exo_##name(A a, B b, C c)                          \
	{                                                                     \
		return exo_syscall(nr, a, b, c, 0, 0, 0);                     \
	}
#define EXO_CALL4(nr, name, A, a, B, b, C, c, D, d)                           \
	static inline long exo_##name(A a, B b, C c, D d)                     \
	{                                                                     \
		return exo_syscall(nr, a, b, c, d, 0, 0);                     \
	}
#define EXO_CALL5(nr, name, A, a, B, b, C, c, D, d, E, e)                     \
	static inline long exo_##name(A a, B b, C c, D d, E e)                \
	{                                                                     \
		return exo_syscall(nr, a, b, c, d, e, 0);                     \
	}
#define EXO_CALL6(nr, name, A, a, B, b, C, c, D, d, E, e, F, f)               \
	static inline long exo_##name(A a, B b, C c, D d, E e, F f)           \
	{                                                                     \
		return exo_syscall(nr, a, b, c, d, e, f);                     \
	}
#include <exo/syscalls.def>
#include <exo/undef.h>

#endif
