/* sys/xattr.h - attributes of files beyond POSIX's.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_XATTR_H
#define _PX_SYS_XATTR_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XATTR_CREATE  1
#define XATTR_REPLACE 2

ssize_t getxattr(const char *, const char *, void *, size_t);
ssize_t lgetxattr(const char *, const char *, void *, size_t);
ssize_t fgetxattr(int, const char *, void *, size_t);
int setxattr(const char *, const char *, const void *, size_t, int);
int lsetxattr(const char *, const char *, const void *, size_t, int);
int fsetxattr(int, const char *, const void *, size_t, int);
ssize_t listxattr(const char *, char *, size_t);
int removexattr(const char *, const char *);

#ifdef __cplusplus
}
#endif

#endif
