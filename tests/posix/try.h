/* try.h - one call, what it returned and which error it set, on one line.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TRY_H
#define TRY_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TRY(x)                                                                                     \
	do {                                                                                       \
		errno = 0;                                                                         \
		long r_ = (long)(x);                                                               \
		printf("%-46s %ld %s\n", #x, r_, errno ? strerror(errno) : "");                    \
	} while (0)

#endif
