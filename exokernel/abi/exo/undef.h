/* undef.h - forget the EXO_CALLn macros after an inclusion of syscalls.def.
 * SPDX-License-Identifier: BSD-2-Clause
 * No guard: included once for each inclusion of the list.
 */
#undef EXO_CALL0
#undef EXO_CALL1
#undef EXO_CALL2
#undef EXO_CALL3
#undef EXO_CALL4
#undef EXO_CALL5
#undef EXO_CALL6
