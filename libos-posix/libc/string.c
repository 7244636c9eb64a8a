/* string.c - names of string functions that GNU programs and musl's part use.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

char *__strchrnul(const char *, int);
int __px_mbtowc(wchar_t *, const char *, size_t);

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

/* mbtowc for patterns: in the C locale any byte is a character. */
int __px_mbtowc(wchar_t *w, const char *s, size_t n)
{
	if (MB_CUR_MAX > 1 || !s)
		return mbtowc(w, s, n);
	if (n == 0)
		return -1;
	if (w)
		*w = (unsigned char)*s;
	return *s != 0;
}
