/* stdlib.h - newlib's, without names that programs have for themselves, with some of Linux's.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_STDLIB_H
#define _PX_STDLIB_H

#define itoa __newlib_itoa
#define utoa __newlib_utoa
#include_next <stdlib.h>
#undef itoa
#undef utoa

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE
int clearenv(void);
#endif
#if __GNU_VISIBLE
char *secure_getenv(const char *);
#endif

#ifdef __cplusplus
}
#endif

#endif
