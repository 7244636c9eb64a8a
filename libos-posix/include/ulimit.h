/* ulimit.h - the limit of a file's size, in blocks of 512 bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_ULIMIT_H
#define _PX_ULIMIT_H

#include <sys/cdefs.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UL_GETFSIZE 1
#define UL_SETFSIZE 2

long ulimit(int, ...);

#ifdef __cplusplus
}
#endif

#endif
