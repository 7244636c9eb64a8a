/* ssp/stdio.h - newlib's checks of stdio; fgets stops only what really is too much, as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SSP_STDIO_H
#define _PX_SSP_STDIO_H

#include <ssp/ssp.h>

#if __SSP_FORTIFY_LEVEL > 0
#define fgets          __px_strict_fgets
#define fgets_unlocked __px_strict_fgets_unlocked

#ifdef __cplusplus
extern "C" {
#endif
char *__ssp_real_fgets(char *__restrict, int, FILE *__restrict) __asm__("fgets");
char *__ssp_real_fgets_unlocked(char *__restrict, int, FILE *__restrict) __asm__("fgets_unlocked");
#ifdef __cplusplus
}
#endif
#endif
#include_next <ssp/stdio.h>
#if __SSP_FORTIFY_LEVEL > 0
#undef fgets
#undef fgets_unlocked

#ifdef __cplusplus
extern "C" {
#endif

char *__fgets_chk(char *__restrict, size_t, int, FILE *__restrict);

__ssp_inline char *fgets(char *__restrict __buf, int __n, FILE *__restrict __f)
{
	if (__ssp_bos(__buf) != (size_t)-1 && __n > 0 && (size_t)__n > __ssp_bos(__buf))
		return __fgets_chk(__buf, __ssp_bos(__buf), __n, __f);
	return __ssp_real_fgets(__buf, __n, __f);
}

#ifdef __cplusplus
}
#endif

#endif
#endif
