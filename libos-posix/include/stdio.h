/* stdio.h - newlib's, with what it has under other names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_STDIO_H
#define _PX_STDIO_H

#include_next <stdio.h>

#undef FOPEN_MAX
#undef TMP_MAX
#undef L_tmpnam
#define FOPEN_MAX 16
#define TMP_MAX   238328
#define L_tmpnam  20

#if __POSIX_VISIBLE >= 200809

#ifdef __cplusplus
extern "C" {
#endif

ssize_t getdelim(char **__restrict, size_t *__restrict, int, FILE *__restrict);
ssize_t getline(char **__restrict, size_t *__restrict, FILE *__restrict);
#if __GNU_VISIBLE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE  2
int renameat2(int, const char *, int, const char *, unsigned int);
#endif

#ifdef __cplusplus
}
#endif

#endif
#endif
