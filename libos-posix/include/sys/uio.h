/* sys/uio.h - newlib's, with Linux's own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_UIO_H
#define _PX_SYS_UIO_H

#include_next <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UIO_MAXIOV 1024

#if __GNU_VISIBLE
#define RWF_HIPRI  1
#define RWF_DSYNC  2
#define RWF_SYNC   4
#define RWF_NOWAIT 8
#define RWF_APPEND 16

ssize_t preadv2(int, const struct iovec *, int, off_t, int);
ssize_t pwritev2(int, const struct iovec *, int, off_t, int);
#endif

#ifdef __cplusplus
}
#endif

#endif
