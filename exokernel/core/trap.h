/* trap.h - what entry.S calls.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_TRAP_H
#define CORE_TRAP_H

#include <x86_64/cpu.h>

/* A system call; rax of t is its number.  Returns what goes into rax. */
long syscall(struct trap *t);

/* An exception or interrupt; t may be changed to return elsewhere. */
void trap(struct trap *t);

#endif
