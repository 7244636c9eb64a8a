/* calloc.c - calloc that notices a product above what an address can count.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * newlib's multiplies without looking.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = malloc(bytes);
	return p ? memset(p, 0, bytes) : NULL;
}
