/* string.c - names of string functions that GNU programs and musl's part use.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

char *__strchrnul(const char *, int);

char *__strchrnul(const char *s, int c)
{
	return strchrnul(s, c);
}

wchar_t *wcschrnul(const wchar_t *s, wchar_t c)
{
	while (*s && *s != c)
		s++;
	return (wchar_t *)s;
}

void *memfrob(void *p, size_t n)
{
	for (unsigned char *c = p; n--; c++)
		*c ^= 42;
	return p;
}
