/* errno.h - newlib's, with the names a program was called by.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_ERRNO_H
#define _PX_ERRNO_H

#include_next <errno.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
extern char *program_invocation_name;
extern char *program_invocation_short_name;
#endif

#ifdef __cplusplus
}
#endif

#endif
