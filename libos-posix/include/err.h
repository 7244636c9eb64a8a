/* err.h - complain, with or without the text of errno, and end.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_ERR_H
#define _PX_ERR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#define __PX_PRINTF(n, m) __attribute__((__format__(__printf__, n, m)))
#define __PX_NORETURN     __attribute__((__noreturn__))

void warn(const char *, ...) __PX_PRINTF(1, 2);
void warnx(const char *, ...) __PX_PRINTF(1, 2);
void vwarn(const char *, va_list) __PX_PRINTF(1, 0);
void vwarnx(const char *, va_list) __PX_PRINTF(1, 0);
void err(int, const char *, ...) __PX_PRINTF(2, 3) __PX_NORETURN;
void errx(int, const char *, ...) __PX_PRINTF(2, 3) __PX_NORETURN;
void verr(int, const char *, va_list) __PX_PRINTF(2, 0) __PX_NORETURN;
void verrx(int, const char *, va_list) __PX_PRINTF(2, 0) __PX_NORETURN;

#ifdef __cplusplus
}
#endif

#endif
