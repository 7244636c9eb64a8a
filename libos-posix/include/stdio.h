/* stdio.h - newlib's, with what it has under other names.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_STDIO_H
#define _PX_STDIO_H

#include_next <stdio.h>

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
