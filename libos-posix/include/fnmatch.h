/* fnmatch.h - match names with a shell's patterns.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_FNMATCH_H
#define _PX_FNMATCH_H

#include <sys/cdefs.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FNM_PATHNAME    1
#define FNM_NOESCAPE    2
#define FNM_PERIOD      4
#define FNM_LEADING_DIR 8
#define FNM_CASEFOLD    0x10
#define FNM_FILE_NAME   FNM_PATHNAME

#define FNM_NOMATCH 1
#define FNM_NOSYS   (-1)

int fnmatch(const char *, const char *, int);

#ifdef __cplusplus
}
#endif

#endif
