/* unistd.h - newlib's, with the system's configuration strings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_UNISTD_H
#define _PX_UNISTD_H

#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#define _POSIX_SHARED_MEMORY_OBJECTS 200809L

#define _CS_PATH                        0
#define _CS_GNU_LIBC_VERSION            2
#define _CS_GNU_LIBPTHREAD_VERSION      3
#define _CS_POSIX_V6_LP64_OFF64_CFLAGS  1124
#define _CS_POSIX_V6_LP64_OFF64_LDFLAGS 1125
#define _CS_POSIX_V6_LP64_OFF64_LIBS    1126
#define _CS_POSIX_V7_LP64_OFF64_CFLAGS  1140
#define _CS_POSIX_V7_LP64_OFF64_LDFLAGS 1141
#define _CS_POSIX_V7_LP64_OFF64_LIBS    1142
#define _CS_V7_ENV                      1149

#if __MISC_VISIBLE || __XSI_VISIBLE
int lockf(int, int, off_t);
#define F_ULOCK 0
#define F_LOCK  1
#define F_TLOCK 2
#define F_TEST  3
#endif
#if __GNU_VISIBLE
#define SEEK_DATA 3
#define SEEK_HOLE 4
pid_t gettid(void);
int execveat(int, const char *, char *const[], char *const[], int);
int syncfs(int);
ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned int);
long syscall(long, ...);
char *crypt(const char *, const char *);
int getresuid(uid_t *, uid_t *, uid_t *);
int getresgid(gid_t *, gid_t *, gid_t *);
int setresuid(uid_t, uid_t, uid_t);
int setresgid(gid_t, gid_t, gid_t);
int close_range(unsigned int, unsigned int, int);
void closefrom(int);
#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4
#define TEMP_FAILURE_RETRY(e)                                                                      \
	(__extension__({                                                                           \
		long __r;                                                                          \
		do                                                                                 \
			__r = (long)(e);                                                           \
		while (__r == -1L && errno == EINTR);                                              \
		__r;                                                                               \
	}))
#endif

#ifdef __cplusplus
}
#endif

#endif
