/* vector.h - vector registers of the fake processor: one word says whose state they hold.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_VECTOR_H
#define PROVE_VECTOR_H

#include_next <x86_64/vector.h>

void hw_vector_save(void *area);

#define __builtin_ia32_xsave64(area, mask) hw_vector_save(area)
#define __builtin_ia32_fxsave64(area) hw_vector_save(area)

#endif
