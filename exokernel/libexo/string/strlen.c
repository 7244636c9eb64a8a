/* strlen.c - length of a string.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p) {
		p++;
		__asm__ volatile("" : : : "memory"); /* else the compiler calls strlen */
	}
	return p - s;
}
