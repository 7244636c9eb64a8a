/* dirent.h - newlib's, with Linux's own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_DIRENT_H
#define _PX_DIRENT_H

#include_next <dirent.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
ssize_t getdents64(int, void *, size_t);
#define dirent64  dirent
#define readdir64 readdir
#define scandir64 scandir
#endif

#ifdef __cplusplus
}
#endif

#endif
