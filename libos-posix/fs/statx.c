/* statx.c - what is known about a file, in Linux's larger form.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <vm/copy.h>

#define FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE)

static struct statx_timestamp time_of(const struct timespec *t)
{
	return (struct statx_timestamp){.tv_sec = t->tv_sec, .tv_nsec = (uint32_t)t->tv_nsec};
}

static struct statx form(const struct stat *s)
{
	return (struct statx){
		.stx_mask = STATX_BASIC_STATS,
		.stx_blksize = (uint32_t)s->st_blksize,
		.stx_nlink = (uint32_t)s->st_nlink,
		.stx_uid = s->st_uid,
		.stx_gid = s->st_gid,
		.stx_mode = (uint16_t)s->st_mode,
		.stx_ino = s->st_ino,
		.stx_size = (uint64_t)s->st_size,
		.stx_blocks = (uint64_t)s->st_blocks,
		.stx_atime = time_of(&s->st_atim),
		.stx_ctime = time_of(&s->st_ctim),
		.stx_mtime = time_of(&s->st_mtim),
		.stx_rdev_major = (uint32_t)major(s->st_rdev),
		.stx_rdev_minor = (uint32_t)minor(s->st_rdev),
		.stx_dev_major = (uint32_t)major(s->st_dev),
		.stx_dev_minor = (uint32_t)minor(s->st_dev),
	};
}

int statx(int dirfd, const char *restrict path, int flags, unsigned int mask,
	  struct statx *restrict user)
{
	struct stat s;
	struct statx x;

	if (flags & ~FLAGS || mask & 0x80000000 ||
	    (flags & AT_STATX_FORCE_SYNC && flags & AT_STATX_DONT_SYNC))
		return (int)px_result(-EINVAL);
	if (fstatat(dirfd, path, &s, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) < 0)
		return -1;
	x = form(&s);
	return px_copy_to(user, &x, sizeof(x)) ? (int)px_result(-EFAULT) : 0;
}
