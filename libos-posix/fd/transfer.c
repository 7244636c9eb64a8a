/* transfer.c - from one file to another without the program's memory between.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define PART 4096

/* Up to n bytes; *from and *to are moved on. */
static ssize_t copy(struct px_file *in, int64_t *from, struct px_file *out, int64_t *to, size_t n)
{
	char bytes[PART];
	ssize_t done = 0;

	while ((size_t)done < n) {
		size_t part = n - (size_t)done < PART ? n - (size_t)done : PART;
		int64_t at = *to;
		ssize_t got = px_file_read(in, bytes, part, *from, in->flags), put;

		if (got <= 0)
			return done ? done : got;
		put = px_file_write(out, bytes, (size_t)got, &at, out->flags);
		if (put < 0)
			return done ? done : put;
		*from += put;
		*to = at + put;
		done += put;
		if (put < got)
			break;
	}
	return done;
}

/* Where to begin: at *user, or where the file stands. */
static int start(const struct px_file *f, const off_t *user, int64_t *at)
{
	off_t given;

	*at = f->offset;
	if (!user)
		return 0;
	if (px_copy_from(&given, user, sizeof(given)))
		return -EFAULT;
	*at = given;
	return given < 0 ? -EINVAL : 0;
}

static ssize_t end(struct px_file *f, off_t *user, int64_t at, ssize_t done)
{
	if (done < 0)
		return done;
	if (!user)
		f->offset = at;
	else if (px_copy_to(user, &at, sizeof(at)))
		return -EFAULT;
	return done;
}

static ssize_t transfer(struct px_file *in, off_t *from, struct px_file *out, off_t *to, size_t n)
{
	int64_t source, target;
	int r = start(in, from, &source);
	ssize_t done;

	if (!r)
		r = start(out, to, &target);
	if (r)
		return r;
	done = copy(in, &source, out, &target, n);
	done = end(in, from, source, done);
	return end(out, to, target, done);
}

/* What is read must have a size. */
static ssize_t send_file(struct px_file *in, struct px_file *out, off_t *offset, size_t n)
{
	if (in->flags & O_WRONLY || !(out->flags & O_ACCMODE))
		return -EBADF;
	if (!px_ops_of(in->vnode)->size || S_ISDIR(in->vnode->mode) || out->flags & O_APPEND)
		return -EINVAL;
	return transfer(in, offset, out, NULL, n);
}

/* Both files, or neither. */
static bool use_two(int from, struct px_file **in, int to, struct px_file **out)
{
	*in = px_file_use(from);
	*out = *in ? px_file_use(to) : NULL;
	if (*in && !*out)
		px_file_done(*in);
	return *out;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t n)
{
	struct px_file *out, *in;
	ssize_t done;

	if (!use_two(from, &in, to, &out))
		return -1;
	done = send_file(in, out, offset, n);
	px_file_done(out);
	px_file_done(in);
	return px_result(done);
}

/* Is it two regular files, and not one part of a file onto another? */
static int check(struct px_file *in, const off_t *from, struct px_file *out, const off_t *to,
		 size_t n)
{
	int64_t source, target;
	int r;

	if ((in->flags & O_ACCMODE) == O_WRONLY || (out->flags & O_ACCMODE) == O_RDONLY ||
	    out->flags & O_APPEND)
		return -EBADF;
	if (S_ISDIR(in->vnode->mode) || S_ISDIR(out->vnode->mode))
		return -EISDIR;
	if (!S_ISREG(in->vnode->mode) || !S_ISREG(out->vnode->mode))
		return -EINVAL;
	r = start(in, from, &source);
	if (!r)
		r = start(out, to, &target);
	if (!r && in->vnode == out->vnode && source < target + (int64_t)n &&
	    target < source + (int64_t)n)
		r = -EINVAL;
	return r;
}

ssize_t copy_file_range(int from, off_t *at, int to, off_t *target, size_t n, unsigned int flags)
{
	struct px_file *in, *out;
	ssize_t done;

	if (!use_two(from, &in, to, &out))
		return -1;
	if (n > INT32_MAX)
		n = INT32_MAX;
	done = flags ? -EINVAL : check(in, at, out, target, n);
	if (!done)
		done = transfer(in, at, out, target, n);
	px_file_done(out);
	px_file_done(in);
	return px_result(done);
}
