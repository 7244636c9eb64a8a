/* lock.h - the kernel lock: one, held with interrupts off.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Who waits for it still answers TLB flush requests, because the holder may be
 * waiting for exactly that.
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

void lock(void);
void unlock(void);

#endif
