/* tlb.h - what TLBs may hold at the worst: all that page tables ever said since the last flush.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROVE_TLB_H
#define PROVE_TLB_H

#include <exo/types.h>
#include <stdbool.h>

/* Before a call: each CPU has seen all its page tables say. */
void tlb_fill(void);

/* Nothing is held: nothing can be wrong. */
void tlb_none(void);

/* Before another call from the same state. */
void tlb_again(void);

/* The processor's instructions, on CPU n. */
void tlb_drop(uint32_t n, exo_va_t va);
void tlb_drop_all(uint32_t n);

/* After the call: what is still held must be what the page tables say now; else what is wrong. */
const char *tlb_check(void);

/* After the call: environments use all that is mapped, so the processor marks it. */
void tlb_use(void);

#endif
