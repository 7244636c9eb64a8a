/* syscall.h - the calls of syscalls.def as numbers EXO_SYS_name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_SYSCALL_H
#define EXO_SYSCALL_H

enum exo_syscall {
#define EXO_CALL_(nr, name, ...) EXO_SYS_##name = nr,
#define EXO_CALL0 EXO_CALL_
#define EXO_CALL1 EXO_CALL_
#define EXO_CALL2 EXO_CALL_
#define EXO_CALL3 EXO_CALL_
#define EXO_CALL4 EXO_CALL_
#define EXO_CALL5 EXO_CALL_
#define EXO_CALL6 EXO_CALL_
#include <exo/syscalls.def>
#include <exo/undef.h>
#undef EXO_CALL_
	EXO_SYS_END = 40	/* one above the highest number that will be looked up */
};

#endif
