/* imax.c - the widest integers from words: long is as wide, and its functions know Linux's errno.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <inttypes.h>
#include <stdlib.h>
#include <wchar.h>

intmax_t strtoimax(const char *restrict s, char **restrict end, int base)
{
	return strtol(s, end, base);
}

uintmax_t strtoumax(const char *restrict s, char **restrict end, int base)
{
	return strtoul(s, end, base);
}

intmax_t strtoimax_l(const char *restrict s, char **restrict end, int base, locale_t locale)
{
	(void)locale;
	return strtol(s, end, base);
}

uintmax_t strtoumax_l(const char *restrict s, char **restrict end, int base, locale_t locale)
{
	(void)locale;
	return strtoul(s, end, base);
}

intmax_t wcstoimax(const wchar_t *restrict s, wchar_t **restrict end, int base)
{
	return wcstol(s, end, base);
}

uintmax_t wcstoumax(const wchar_t *restrict s, wchar_t **restrict end, int base)
{
	return wcstoul(s, end, base);
}

intmax_t wcstoimax_l(const wchar_t *restrict s, wchar_t **restrict end, int base, locale_t locale)
{
	(void)locale;
	return wcstol(s, end, base);
}

uintmax_t wcstoumax_l(const wchar_t *restrict s, wchar_t **restrict end, int base, locale_t locale)
{
	(void)locale;
	return wcstoul(s, end, base);
}
