/* string.h - newlib's, with a few more of GNU's.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_STRING_H
#define _PX_STRING_H

#include_next <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
void *memfrob(void *, size_t);
const char *sigabbrev_np(int);
const char *sigdescr_np(int);
const char *strerrorname_np(int);
const char *strerrordesc_np(int);
#endif

#ifdef __cplusplus
}
#endif

#endif
