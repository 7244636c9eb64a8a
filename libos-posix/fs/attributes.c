/* attributes.c - what is known about a file, and changing it.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/may.h>
#include <fs/path.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>
#include <vm/copy.h>

#define LOOKS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE)

#define NS 1000000000

/* The node that an ...at call means; stays inside if the result is 0. */
static int node_at(struct px_walk *w, int dirfd, const char *path, int flags)
{
	return px_walk_node(w, dirfd, path, flags & AT_EMPTY_PATH,
			    flags & AT_SYMLINK_NOFOLLOW ? 0 : PX_FOLLOW);
}

/* The same for a descriptor alone. */
static struct px_node *node_of(int fd)
{
	struct px_file *f = px_file(fd);

	return f ? px_node_of(f->vnode) : NULL;
}

int fstatat(int dirfd, const char *restrict path, struct stat *restrict st, int flags)
{
	struct stat s = {0};
	struct px_walk w;
	int r = flags & ~LOOKS ? -EINVAL : node_at(&w, dirfd, path, flags);

	if (r)
		return (int)px_result(r);
	px_ops_of(&w.node->v)->stat(&w.node->v, &s);
	if (w.magic) {
		s.st_mode = S_IFLNK | 0700;
		s.st_size = 64;
	}
	px_leave();
	return px_copy_to(st, &s, sizeof(s)) ? (int)px_result(-EFAULT) : 0;
}

int stat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	bool real = !(flags & AT_EACCESS);
	struct px_walk w;
	int r;

	if (mode & ~(R_OK | W_OK | X_OK) ||
	    flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return (int)px_result(-EINVAL);
	r = px_walk_node(&w, dirfd, path, flags & AT_EMPTY_PATH,
			 (flags & AT_SYMLINK_NOFOLLOW ? 0 : PX_FOLLOW) | (real ? PX_REAL : 0));
	if (!r) {
		r = real ? px_may_really(w.node, (unsigned int)mode)
			 : px_may_usually(w.node, (unsigned int)mode);
		px_leave();
	}
	return (int)px_result(r);
}

int euidaccess(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

int access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, 0);
}

int eaccess(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

/* Inside: where the link leads, and how many bytes that has. */
static ssize_t target_of(const struct px_walk *w, char target[PATH_MAX])
{
	size_t n = (size_t)w->node->size;

	if (w->magic)
		return px_magic_text(w, target);
	if (!S_ISLNK(w->node->v.mode))
		return -EINVAL;
	memcpy(target, w->node->target, n < PATH_MAX ? n : PATH_MAX);
	return (ssize_t)(n < PATH_MAX ? n : PATH_MAX);
}

ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buf, size_t size)
{
	char target[PATH_MAX];
	struct px_walk w;
	ssize_t n = px_walk_to(&w, dirfd, path, 0);

	if (n)
		return px_result(n);
	n = target_of(&w, target);
	px_leave();
	if (n > 0 && !size)
		n = -EINVAL;
	if (n > (ssize_t)size && (ssize_t)size > 0)
		n = (ssize_t)size;
	if (n > 0 && px_copy_to(buf, target, (size_t)n))
		n = -EFAULT;
	return px_result(n);
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

/* Nobody makes a file run for a group that is not his. */
static int set_mode(struct px_node *node, mode_t mode)
{
	int r = px_may_own(node);

	if (r)
		return r;
	if (px_me->user.effective && !px_has_group(node->gid))
		mode &= ~(mode_t)S_ISGID;
	node->v.mode = (node->v.mode & S_IFMT) | (mode & 07777);
	px_node_touch(node, PX_CTIME);
	return 0;
}

int fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
	struct px_walk w;
	int r;

	if (flags & ~AT_SYMLINK_NOFOLLOW)
		return (int)px_result(-EINVAL);
	r = node_at(&w, dirfd, path, flags);
	if (!r) {
		r = S_ISLNK(w.node->v.mode) ? -EOPNOTSUPP : set_mode(w.node, mode);
		px_leave();
	}
	return (int)px_result(r);
}

int lchmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW);
}

int chmod(const char *path, mode_t mode)
{
	return fchmodat(AT_FDCWD, path, mode, 0);
}

int fchmod(int fd, mode_t mode)
{
	struct px_node *node = node_of(fd);
	int r;

	if (!node)
		return -1;
	px_enter();
	r = set_mode(node, mode);
	px_leave();
	return (int)px_result(r);
}

/* An owner gives a file to none but another group of his own. */
static int set_owner(struct px_node *node, uid_t uid, gid_t gid)
{
	bool owns = px_me->user.effective == node->uid, is_dir = S_ISDIR(node->v.mode);

	if (px_me->user.effective && !owns && !is_dir && node->v.mode & (S_ISUID | S_ISGID))
		return -EPERM;
	if (px_me->user.effective &&
	    ((uid != (uid_t)-1 && (!owns || uid != node->uid)) ||
	     (gid != (gid_t)-1 && (!owns || (gid != node->gid && !px_has_group(gid))))))
		return -EPERM;
	if (!is_dir)
		px_node_unset_ids(node);
	if (uid != (uid_t)-1)
		node->uid = uid;
	if (gid != (gid_t)-1)
		node->gid = gid;
	px_node_touch(node, PX_CTIME);
	return 0;
}

int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
	struct px_walk w;
	int r;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return (int)px_result(-EINVAL);
	r = node_at(&w, dirfd, path, flags);
	if (!r) {
		r = set_owner(w.node, uid, gid);
		px_leave();
	}
	return (int)px_result(r);
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, 0);
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	struct px_node *node = node_of(fd);
	int r;

	if (!node)
		return -1;
	px_enter();
	r = set_owner(node, uid, gid);
	px_leave();
	return (int)px_result(r);
}

/* Two times as a program gave them; NULL: now. */
static int take_times(struct timespec t[2], const struct timespec *user)
{
	if (!user)
		t[0] = t[1] = (struct timespec){.tv_nsec = UTIME_NOW};
	else if (px_copy_from(t, user, 2 * sizeof(*t)))
		return -EFAULT;
	for (int i = 0; i < 2; i++)
		if ((t[i].tv_nsec < 0 || t[i].tv_nsec >= NS) && t[i].tv_nsec != UTIME_NOW &&
		    t[i].tv_nsec != UTIME_OMIT)
			return -EINVAL;
	return 0;
}

/* Who may write may say that it is now. */
static int set_times(struct px_node *node, const struct timespec t[2])
{
	struct timespec *to[2] = {&node->atime, &node->mtime};
	bool is_now = t[0].tv_nsec == UTIME_NOW && t[1].tv_nsec == UTIME_NOW;
	int r;

	if (t[0].tv_nsec == UTIME_OMIT && t[1].tv_nsec == UTIME_OMIT)
		return 0;
	r = px_may_own(node);
	if (r && is_now)
		r = px_may(node, PX_MAY_WRITE);
	if (r)
		return r;
	px_node_touch(node, PX_CTIME);
	for (int i = 0; i < 2; i++)
		if (t[i].tv_nsec != UTIME_OMIT)
			*to[i] = t[i].tv_nsec == UTIME_NOW ? node->ctime : t[i];
	return 0;
}

int utimensat(int dirfd, const char *path, const struct timespec *times, int flags)
{
	struct timespec t[2];
	struct px_walk w;
	int r = take_times(t, times);

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return (int)px_result(-EINVAL);
	if (!path && dirfd != AT_FDCWD)
		return futimens(dirfd, times);
	if (!r)
		r = node_at(&w, dirfd, path, flags);
	if (!r) {
		r = set_times(w.node, t);
		px_leave();
	}
	return (int)px_result(r);
}

int futimens(int fd, const struct timespec *times)
{
	struct px_node *node = node_of(fd);
	struct timespec t[2];
	int r = take_times(t, times);

	if (!node)
		return -1;
	if (!r) {
		px_enter();
		r = set_times(node, t);
		px_leave();
	}
	return (int)px_result(r);
}

/* With microseconds, as older calls have them. */
static int spec_of(struct timespec t[2], const struct timeval *user)
{
	struct timeval v[2];

	if (px_copy_from(v, user, sizeof(v)))
		return -EFAULT;
	for (int i = 0; i < 2; i++) {
		if (v[i].tv_usec < 0 || v[i].tv_usec >= NS / 1000)
			return -EINVAL;
		t[i] = (struct timespec){.tv_sec = v[i].tv_sec, .tv_nsec = v[i].tv_usec * 1000};
	}
	return 0;
}

static int times_at(const char *path, const struct timeval *times, int flags)
{
	struct timespec t[2];
	int r = times ? spec_of(t, times) : 0;

	return r ? (int)px_result(r) : utimensat(AT_FDCWD, path, times ? t : NULL, flags);
}

int utimes(const char *path, const struct timeval *times)
{
	return times_at(path, times, 0);
}

int futimesat(int dirfd, const char *path, const struct timeval times[2])
{
	struct timespec t[2];
	int r = times ? spec_of(t, times) : 0;

	return r ? (int)px_result(r) : utimensat(dirfd, path, times ? t : NULL, 0);
}

int lutimes(const char *path, const struct timeval *times)
{
	return times_at(path, times, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval *times)
{
	struct timespec t[2];
	int r = times ? spec_of(t, times) : 0;

	return r ? (int)px_result(r) : futimens(fd, times ? t : NULL);
}

int utime(const char *path, const struct utimbuf *times)
{
	struct timespec t[2] = {{0}};

	if (times) {
		t[0].tv_sec = times->actime;
		t[1].tv_sec = times->modtime;
	}
	return utimensat(AT_FDCWD, path, times ? t : NULL, 0);
}

int truncate(const char *path, off_t size)
{
	struct px_walk w;
	struct px_vnode *v;
	int r = size < 0 ? -EINVAL : px_walk_to(&w, AT_FDCWD, path, PX_FOLLOW);

	if (r)
		return (int)px_result(r);
	v = &w.node->v;
	px_vnode_ref(v);
	r = S_ISREG(v->mode) ? px_may(w.node, PX_MAY_WRITE) : 0;
	if (!r && v->runs)
		r = -ETXTBSY;
	px_leave();
	if (!r)
		r = px_vnode_truncate(v, size);
	px_vnode_put(v);
	return (int)px_result(r);
}
