/* machine/time.h - POSIX fixes CLOCKS_PER_SEC.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _MACHTIME_H_
#define _MACHTIME_H_

#define _CLOCKS_PER_SEC_ 1000000

#endif
