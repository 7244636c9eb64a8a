/* stacks.c - upcall stacks of activation 0, unless the libOS has its own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/upcall.h>

#define STACK_BYTES 4096

__attribute__((weak)) const uint32_t xo_upcall_stack_bytes = STACK_BYTES;
__attribute__((weak, aligned(64))) char xo_upcall_stacks[EXO_FRAME_DEPTH * STACK_BYTES];
