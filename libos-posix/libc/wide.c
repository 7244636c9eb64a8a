/* wide.c - which wide characters the locale has.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * newlib asks before it looks at a character, and after it changed one.  In the C locale those
 * above 127 are of no class: they are moved to where Unicode ends, and back.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BEYOND 0x40000000u

wint_t _jp2uc_l(wint_t, struct __locale_t *);
wint_t _jp2uc(wint_t);
wint_t _uc2jp_l(wint_t, struct __locale_t *);

wint_t _jp2uc_l(wint_t c, struct __locale_t *l)
{
	if (c < 0x80 || c == WEOF)
		return c;
	if (l ? *nl_langinfo_l(CODESET, l) == 'U' : MB_CUR_MAX > 1)
		return c;
	return c | BEYOND;
}

wint_t _jp2uc(wint_t c)
{
	return _jp2uc_l(c, NULL);
}

wint_t _uc2jp_l(wint_t c, struct __locale_t *l)
{
	(void)l;
	return c == WEOF ? c : c & ~BEYOND;
}

/* The end of a string has no bytes, however few may be looked at. */
int mblen(const char *s, size_t n)
{
	mbstate_t state;
	size_t r;

	if (!s || !*s)
		return 0;
	memset(&state, 0, sizeof(state));
	r = mbrlen(s, n, &state);
	return r == (size_t)-2 ? -1 : (int)r;
}
