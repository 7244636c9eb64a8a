/* cpu.h - the CPUs that the environment was given time on.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * They are counted from 0 here, in ascending order of their numbers in the machine: activation 0
 * begins on the first.  On each there is one slot of the slice vector for the whole image; whoever
 * it is bound to shares it by hosting others (sleep).
 */
#ifndef LIBEXO_CPU_H
#define LIBEXO_CPU_H

#include <exo/types.h>

/* How many there are, at least 1. */
uint32_t xo_cpus(void);

/* The number in the machine of the n-th of them; n < xo_cpus(). */
uint32_t xo_cpu_number(uint32_t n);

/* Bind the image's slot on its n-th CPU to activation `index` of `env` (EXO_SLOT_NONE: the caller),
 * or empty it of that one.  Return what slice_bind does; INVAL: n. */
long xo_cpu_bind(uint32_t n, exo_cap_t env, uint32_t index);
long xo_cpu_unbind(uint32_t n, exo_cap_t env, uint32_t index);

#endif
