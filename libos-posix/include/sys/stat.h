/* sys/stat.h - newlib's, with BSD's lchmod.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_STAT_H
#define _PX_SYS_STAT_H

#include_next <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE
int lchmod(const char *, mode_t);
#endif

#ifdef __cplusplus
}
#endif

#endif
