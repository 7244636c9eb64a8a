/* memcmp.c - compare bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;

	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}
