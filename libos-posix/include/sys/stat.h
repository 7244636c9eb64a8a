/* sys/stat.h - newlib's, with BSD's lchmod.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_STAT_H
#define _PX_SYS_STAT_H

#include <stdint.h>

#include_next <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE
int lchmod(const char *, mode_t);
#endif

#if __GNU_VISIBLE
struct statx_timestamp {
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t __room;
};

struct statx {
	uint32_t stx_mask;
	uint32_t stx_blksize;
	uint64_t stx_attributes;
	uint32_t stx_nlink;
	uint32_t stx_uid;
	uint32_t stx_gid;
	uint16_t stx_mode;
	uint16_t __room0;
	uint64_t stx_ino;
	uint64_t stx_size;
	uint64_t stx_blocks;
	uint64_t stx_attributes_mask;
	struct statx_timestamp stx_atime, stx_btime, stx_ctime, stx_mtime;
	uint32_t stx_rdev_major, stx_rdev_minor;
	uint32_t stx_dev_major, stx_dev_minor;
	uint64_t stx_mnt_id;
	uint64_t __room1[13];
};

#define STATX_TYPE        0x001U
#define STATX_MODE        0x002U
#define STATX_NLINK       0x004U
#define STATX_UID         0x008U
#define STATX_GID         0x010U
#define STATX_ATIME       0x020U
#define STATX_MTIME       0x040U
#define STATX_CTIME       0x080U
#define STATX_INO         0x100U
#define STATX_SIZE        0x200U
#define STATX_BLOCKS      0x400U
#define STATX_BASIC_STATS 0x7ffU
#define STATX_BTIME       0x800U
#define STATX_ALL         0xfffU

#define AT_STATX_SYNC_AS_STAT 0
#define AT_STATX_FORCE_SYNC   0x2000
#define AT_STATX_DONT_SYNC    0x4000
#define AT_STATX_SYNC_TYPE    0x6000

int statx(int, const char *__restrict, int, unsigned int, struct statx *__restrict);
#endif

#ifdef __cplusplus
}
#endif

#endif
