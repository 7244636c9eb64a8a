/* uchar.c - UTF-16 and UTF-32, from and to the locale's characters.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A wide character is UTF-32.  The half of a pair that waits is in the state, under a count that
 * the functions for wide characters never use.
 */
#include <errno.h>
#include <uchar.h>
#include <wchar.h>

#define HALF (-2)

size_t mbrtoc32(char32_t *restrict c, const char *restrict s, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;
	wchar_t w;
	size_t r;

	state = state ? state : &own;
	if (!s)
		return mbrtoc32(NULL, "", 1, state);
	r = mbrtowc(&w, s, n, state);
	if (r <= n && c)
		*c = (char32_t)w;
	return r;
}

size_t c32rtomb(char *restrict s, char32_t c, mbstate_t *restrict state)
{
	static mbstate_t own;

	return wcrtomb(s, (wchar_t)c, state ? state : &own);
}

size_t mbrtoc16(char16_t *restrict c, const char *restrict s, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;
	wchar_t w;
	size_t r;

	state = state ? state : &own;
	if (!s)
		return mbrtoc16(NULL, "", 1, state);
	if (state->__count == HALF) {
		if (c)
			*c = (char16_t)state->__value.__wch;
		state->__count = 0;
		return (size_t)-3;
	}
	r = mbrtowc(&w, s, n, state);
	if (r > n)
		return r;
	if (w > 0xffff) {
		state->__count = HALF;
		state->__value.__wch = 0xdc00 + (w & 0x3ff);
		w = 0xd7c0 + (w >> 10);
	}
	if (c)
		*c = (char16_t)w;
	return r;
}

size_t c16rtomb(char *restrict s, char16_t c, mbstate_t *restrict state)
{
	static mbstate_t own;
	wchar_t w = c;

	state = state ? state : &own;
	if (!s) {
		state->__count = 0;
		return 1;
	}
	if (state->__count == HALF) {
		if (c >> 10 != 0xdc00 >> 10) {
			errno = EILSEQ;
			return (size_t)-1;
		}
		w = (wchar_t)((state->__value.__wch << 10) + (c & 0x3ff)) + 0x10000;
		state->__count = 0;
	} else if (c >> 10 == 0xd800 >> 10) {
		state->__value.__wch = c & 0x3ff;
		state->__count = HALF;
		return 0;
	}
	return wcrtomb(s, w, state);
}
