/* fcntl.h - newlib's, with Linux's own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_FCNTL_H
#define _PX_FCNTL_H

#include_next <fcntl.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
#define FALLOC_FL_KEEP_SIZE      1
#define FALLOC_FL_PUNCH_HOLE     2
#define FALLOC_FL_COLLAPSE_RANGE 8
#define FALLOC_FL_ZERO_RANGE     16

#define SYNC_FILE_RANGE_WAIT_BEFORE 1
#define SYNC_FILE_RANGE_WRITE       2
#define SYNC_FILE_RANGE_WAIT_AFTER  4

#define AT_NO_AUTOMOUNT 0x800

#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032

#define SPLICE_F_MOVE     1
#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_MORE     4
#define SPLICE_F_GIFT     8

#define F_ADD_SEALS         1033
#define F_GET_SEALS         1034
#define F_SEAL_SEAL         1
#define F_SEAL_SHRINK       2
#define F_SEAL_GROW         4
#define F_SEAL_WRITE        8
#define F_SEAL_FUTURE_WRITE 16
#define F_SEAL_EXEC         32

#define F_OFD_GETLK  36
#define F_OFD_SETLK  37
#define F_OFD_SETLKW 38

typedef off_t loff_t;
struct iovec;
int fallocate(int, int, off_t, off_t);
ssize_t splice(int, off_t *, int, off_t *, size_t, unsigned int);
ssize_t tee(int, int, size_t, unsigned int);
ssize_t vmsplice(int, const struct iovec *, size_t, unsigned int);
ssize_t readahead(int, off_t, size_t);
int sync_file_range(int, off_t, off_t, unsigned int);
#endif

#ifdef __cplusplus
}
#endif

#endif
