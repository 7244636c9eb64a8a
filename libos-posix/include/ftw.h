/* ftw.h - walk a tree of files.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_FTW_H
#define _PX_FTW_H

#include <sys/cdefs.h>
#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FTW_F   0
#define FTW_D   1
#define FTW_DNR 2
#define FTW_NS  3
#define FTW_SL  4
#define FTW_DP  5
#define FTW_SLN 6

#define FTW_PHYS  1
#define FTW_MOUNT 2
#define FTW_CHDIR 4
#define FTW_DEPTH 8

struct FTW {
	int base;
	int level;
};

int ftw(const char *, int (*)(const char *, const struct stat *, int), int);
int nftw(const char *, int (*)(const char *, const struct stat *, int, struct FTW *), int, int);

#ifdef __cplusplus
}
#endif

#endif
