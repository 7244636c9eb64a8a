/* lock.h - the kernel lock of the fake machine, which only looks that it is held when it must be.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_LOCK_H
#define CORE_LOCK_H

void lock(void);
void unlock(void);

#endif
