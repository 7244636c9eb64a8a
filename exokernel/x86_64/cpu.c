/* cpu.c - what all CPUs share of the processor's tables.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <x86_64/cpu.h>

uint32_t cpu_count = 1, cpu_features;
