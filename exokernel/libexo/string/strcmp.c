/* strcmp.c - compare strings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}
