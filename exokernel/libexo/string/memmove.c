/* memmove.c - copy bytes between places that may overlap.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/string.h>
#include <stdint.h>

void *memmove(void *to, const void *from, size_t n)
{
	char *d = to;
	const char *s = from;

	if ((uintptr_t)d - (uintptr_t)s >= n)
		return memcpy(to, from, n);
	while (n--) {
		d[n] = s[n];
		__asm__ volatile("" : : : "memory"); /* else the compiler calls memmove */
	}
	return to;
}
