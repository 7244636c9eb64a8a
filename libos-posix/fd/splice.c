/* splice.c - from and to pipes without the program's memory between.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/pipe.h>
#include <sys/uio.h>
#include <unistd.h>
#include <vm/copy.h>

#define PART 4096
#define ALL  (SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

/* What is copied: from where, to where. */
struct splice {
	struct px_file *in, *out;
	int64_t from, to;   /* of what is no pipe */
	uint32_t in_flags;  /* as the file has them, */
	uint32_t out_flags; /* with O_NONBLOCK if the call says so, for pipes */
	bool keep;          /* tee(): what is read stays */
};

static bool is_pipe(const struct px_file *f)
{
	return f->vnode->kind == PX_PIPE;
}

/* Up to n bytes that stay where they are; only the first are waited for. */
static ssize_t get(struct splice *s, char *to, size_t n, size_t done)
{
	uint32_t flags = done ? s->in_flags | O_NONBLOCK : s->in_flags;

	if (is_pipe(s->in))
		return px_pipe_peek(s->in->vnode, to, n, s->keep ? done : 0, flags);
	return px_file_read(s->in, to, n, s->from, flags);
}

static void got(struct splice *s, size_t n)
{
	if (!is_pipe(s->in))
		s->from += (int64_t)n;
	else if (!s->keep)
		px_pipe_skip(s->in->vnode, n);
}

static ssize_t copy(struct splice *s, size_t n)
{
	char bytes[PART];
	size_t done = 0;

	while (done < n) {
		size_t part = n - done < PART ? n - done : PART;
		ssize_t there = get(s, bytes, part, done), put;

		if (there <= 0)
			return done ? (ssize_t)done : there;
		put = px_file_write(s->out, bytes, (size_t)there, &s->to,
				    done ? s->out_flags | O_NONBLOCK : s->out_flags);
		if (put <= 0)
			return done ? (ssize_t)done : put;
		got(s, (size_t)put);
		s->to += put;
		done += (size_t)put;
		if (put < there)
			break;
	}
	return (ssize_t)done;
}

/* Where to begin in what is no pipe: at *user, or where the file stands. */
static int place(struct px_file *f, const off_t *user, int64_t *at)
{
	*at = f->offset;
	if (is_pipe(f))
		return user ? -ESPIPE : 0;
	if (!user)
		return 0;
	if (!px_ops_of(f->vnode)->size)
		return -EINVAL;
	if (px_copy_from(at, user, sizeof(*at)))
		return -EFAULT;
	return *at < 0 ? -EINVAL : 0;
}

static int end(struct px_file *f, off_t *user, int64_t at)
{
	if (is_pipe(f))
		return 0;
	if (!user)
		f->offset = at;
	return user && px_copy_to(user, &at, sizeof(at)) ? -EFAULT : 0;
}

static int check(const struct px_file *in, const struct px_file *out, unsigned int flags)
{
	if (flags & ~(unsigned int)ALL)
		return -EINVAL;
	if ((in->flags | out->flags) & O_PATH || (in->flags & O_ACCMODE) == O_WRONLY ||
	    !(out->flags & O_ACCMODE))
		return -EBADF;
	if ((!is_pipe(in) && !is_pipe(out)) || in->vnode == out->vnode)
		return -EINVAL;
	return out->flags & O_APPEND ? -EINVAL : 0;
}

static struct splice begin(struct px_file *in, struct px_file *out, unsigned int flags)
{
	uint32_t more = flags & SPLICE_F_NONBLOCK ? O_NONBLOCK : 0;

	return (struct splice){.in = in,
			       .out = out,
			       .in_flags = in->flags | (is_pipe(in) ? more : 0),
			       .out_flags = out->flags | (is_pipe(out) ? more : 0)};
}

static ssize_t move(struct px_file *in, off_t *from, struct px_file *out, off_t *to, size_t n,
		    unsigned int flags)
{
	struct splice s = begin(in, out, flags);
	int r = check(in, out, flags);
	ssize_t done;

	if (!r)
		r = place(in, from, &s.from);
	if (!r)
		r = place(out, to, &s.to);
	if (r || !n)
		return r;
	done = copy(&s, n);
	if (done > 0)
		r = end(in, from, s.from);
	if (done > 0 && !r)
		r = end(out, to, s.to);
	return r ? r : done;
}

static bool use_two(int from, struct px_file **in, int to, struct px_file **out)
{
	*in = px_file_use(from);
	*out = *in ? px_file_use(to) : NULL;
	if (*in && !*out)
		px_file_done(*in);
	return *out;
}

ssize_t splice(int from, off_t *in_at, int to, off_t *out_at, size_t n, unsigned int flags)
{
	struct px_file *in, *out;
	ssize_t r;

	if (!n)
		return 0;
	if (!use_two(from, &in, to, &out))
		return -1;
	r = move(in, in_at, out, out_at, n, flags);
	px_file_done(out);
	px_file_done(in);
	return px_result(r);
}

ssize_t tee(int from, int to, size_t n, unsigned int flags)
{
	struct px_file *in, *out;
	struct splice s;
	ssize_t r;

	if (!use_two(from, &in, to, &out))
		return -1;
	r = check(in, out, flags);
	if (!r && (!is_pipe(in) || !is_pipe(out)))
		r = -EINVAL;
	s = begin(in, out, flags);
	s.keep = true;
	if (!r)
		r = copy(&s, n);
	px_file_done(out);
	px_file_done(in);
	return px_result(r);
}

/* The pages are copied either way. */
ssize_t vmsplice(int fd, const struct iovec *v, size_t n, unsigned int flags)
{
	struct px_file *f = px_file(fd);

	if (!f)
		return -1;
	if (!is_pipe(f))
		return px_result(-EBADF);
	if (flags & ~(unsigned int)ALL || n > INT32_MAX)
		return px_result(-EINVAL);
	return f->flags & O_ACCMODE ? writev(fd, v, (int)n) : readv(fd, v, (int)n);
}
