/* calls.h - prototypes of the bodies sys_name() of all calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_CALLS_H
#define CORE_CALLS_H

#include <exo/types.h>

struct env;

#define EXO_CALL0(nr, f)                               long sys_##f(struct env *);
#define EXO_CALL1(nr, f, A, a)                         long sys_##f(struct env *, A);
#define EXO_CALL2(nr, f, A, a, B, b)                   long sys_##f(struct env *, A, B);
#define EXO_CALL3(nr, f, A, a, B, b, C, c)             long sys_##f(struct env *, A, B, C);
#define EXO_CALL4(nr, f, A, a, B, b, C, c, D, d)       long sys_##f(struct env *, A, B, C, D);
#define EXO_CALL5(nr, f, A, a, B, b, C, c, D, d, E, e) long sys_##f(struct env *, A, B, C, D, E);
#define EXO_CALL6(nr, f, A, a, B, b, C, c, D, d, E, e, G, g)                                       \
	long sys_##f(struct env *, A, B, C, D, E, G);
#include <exo/syscalls.def>
#include <exo/undef.h>

#endif
