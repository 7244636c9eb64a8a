/* string.h - the functions compilers expect, for programs without a C library.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each is in an object of its own, so a C library's take their place.
 */
#ifndef LIBEXO_STRING_H
#define LIBEXO_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);

#endif
