/* types.h - the contract's constants, with limits that a small world can reach.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_TYPES_H
#define PROVE_TYPES_H

#include_next <exo/types.h>

#undef EXO_CPU_MAX
#undef EXO_RUN_MAX
#undef EXO_TAKE_MAX
#undef EXO_ZERO_MAX
#undef EXO_CALL_DEPTH
#undef EXO_CAP_DEPTH
#undef EXO_ACCOUNT_DEPTH
#define EXO_CPU_MAX 4
#define EXO_RUN_MAX 3
#define EXO_TAKE_MAX 3
#define EXO_ZERO_MAX 1
#define EXO_CALL_DEPTH 2
#define EXO_CAP_DEPTH 4
#define EXO_ACCOUNT_DEPTH 2

#endif
