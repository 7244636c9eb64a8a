/* calls.h - prototypes of the bodies sys_name() of all calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_CALLS_H
#define CORE_CALLS_H

#include <exo/types.h>

struct env;

#define EXO_CALL0(nr, name)                   long sys_##name(struct env *self);
#define EXO_CALL1(nr, name, A, a)             long sys_##name(struct env *self, A a);
#define EXO_CALL2(nr, name, A, a, B, b)       long sys_##name(struct env *self, A a, B b);
#define EXO_CALL3(nr, name, A, a, B, b, C, c) long sys_##name(struct env *self, A a, B b, C c);
#define EXO_CALL4(nr, name, A, a, B, b, C, c, D, d)                                                \
	long sys_##name(struct env *self, A a, B b, C c, D d);
#define EXO_CALL5(nr, name, A, a, B, b, C, c, D, d, E, e)                                          \
	long sys_##name(struct env *self, A a, B b, C c, D d, E e);
#define EXO_CALL6(nr, name, A, a, B, b, C, c, D, d, E, e, F, f)                                    \
	long sys_##name(struct env *self, A a, B b, C c, D d, E e, F f);
#include <exo/syscalls.def>
#include <exo/undef.h>

#endif
