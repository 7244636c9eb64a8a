/* fuzz_times.h - libos-posix's calendar on the host, beside the host's own: what newlib has for it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_TIMES_H
#define FUZZ_TIMES_H

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define _REENT_H_
#define _REENT NULL
struct _reent;

typedef struct {
	char ch;
	int m, n, d, s;
	time_t change;
	long offset;
} __tzrule_type;

typedef struct {
	int __tznorth, __tzyear;
	__tzrule_type __tzrule[2];
} __tzinfo_type;

__tzinfo_type *__gettzinfo(void);

/* The environment, and the one file there is. */
char *zone_getenv(const char *name);
int zone_open(const char *path, int flags);
off_t zone_seek(int fd, off_t to, int from);
ssize_t zone_read(int fd, void *to, size_t n, off_t at);
int zone_close(int fd);
#define getenv zone_getenv
#define open   zone_open
#define lseek  zone_seek
#define pread  zone_read
#define close  zone_close

#endif
