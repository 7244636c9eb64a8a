/* space.c - what is known about the file system as a whole.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/path.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <vm/copy.h>

#define TMPFS 0x01021994 /* what Linux calls a file system in memory */

/* Inside.  All of memory could become files. */
static void fill(struct statvfs *s)
{
	uint64_t left = px_commit_left();

	*s = (struct statvfs){
		.f_bsize = EXO_PAGE_SIZE,
		.f_frsize = EXO_PAGE_SIZE,
		.f_blocks = px_frames->total,
		.f_bfree = left,
		.f_bavail = left,
		.f_files = px_arena->memfs.nodes + left,
		.f_ffree = left,
		.f_favail = left,
		.f_fsid = 1,
		.f_namemax = NAME_MAX,
	};
}

/* Of the file system that holds `path`: there is one. */
static int at_path(const char *path, struct statvfs *s)
{
	struct px_walk w;
	int r = px_walk_to(&w, AT_FDCWD, path, PX_FOLLOW);

	if (r)
		return r;
	fill(s);
	px_leave();
	return 0;
}

static int at_file(int fd, struct statvfs *s)
{
	if (!px_file(fd))
		return -1;
	px_enter();
	fill(s);
	px_leave();
	return 0;
}

static int give(struct statvfs *user, const struct statvfs *s)
{
	return px_copy_to(user, s, sizeof(*s)) ? (int)px_result(-EFAULT) : 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict user)
{
	struct statvfs s;
	int r = at_path(path, &s);

	return r ? (int)px_result(r) : give(user, &s);
}

int fstatvfs(int fd, struct statvfs *user)
{
	struct statvfs s;

	return at_file(fd, &s) ? -1 : give(user, &s);
}

static int give_fs(struct statfs *user, const struct statvfs *s)
{
	struct statfs f = {
		.f_type = TMPFS,
		.f_bsize = (long)s->f_bsize,
		.f_blocks = s->f_blocks,
		.f_bfree = s->f_bfree,
		.f_bavail = s->f_bavail,
		.f_files = s->f_files,
		.f_ffree = s->f_ffree,
		.f_namelen = (long)s->f_namemax,
		.f_frsize = (long)s->f_frsize,
	};

	return px_copy_to(user, &f, sizeof(f)) ? (int)px_result(-EFAULT) : 0;
}

int statfs(const char *path, struct statfs *user)
{
	struct statvfs s;
	int r = at_path(path, &s);

	return r ? (int)px_result(r) : give_fs(user, &s);
}

int fstatfs(int fd, struct statfs *user)
{
	struct statvfs s;

	return at_file(fd, &s) ? -1 : give_fs(user, &s);
}
