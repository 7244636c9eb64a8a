/* memalign.c - aligned memory under its POSIX name.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

int posix_memalign(void **p, size_t align, size_t n)
{
	int before = errno;
	void *m;

	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	m = memalign(align, n);
	errno = before;
	if (!m)
		return ENOMEM;
	*p = m;
	return 0;
}
