/* mqueue.c - message queues: opening, closing, their attributes.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/mqueue.h>
#include <fs/path.h>
#include <mqueue.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/dev/mqueue"
#define MOST      65536
#define BYTES     (PX_MQ_PAGES * 4096)

void px_mq_free(struct px_mq_message *m)
{
	if (m && m->size > PX_MQ_INLINE)
		for (uint32_t i = 0; i < (m->size + 4095) / 4096 && m->page[i]; i++)
			px_page_put(m->page[i]);
	px_free(m);
}

static void mq_discard(struct px_node *node)
{
	struct px_mqueue *q = node->object;

	while (q->first) {
		struct px_mq_message *m = q->first;

		q->first = m->next;
		px_mq_free(m);
	}
	px_mq_free(q->incoming);
	px_free(q);
}

static uint32_t mq_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	struct px_mqueue *q = px_node_of(v)->object;
	uint32_t ready = 0;

	if ((flags & O_ACCMODE) != O_WRONLY) {
		look->news[0] = &q->can_read;
		ready |= q->count ? POLLIN | POLLRDNORM : 0;
	}
	if ((flags & O_ACCMODE) != O_RDONLY) {
		look->news[1] = &q->can_write;
		ready |= q->count < q->most ? POLLOUT | POLLWRNORM : 0;
	}
	return ready;
}

const struct px_ops px_mqueue_ops = {
	.discard = mq_discard,
	.stat = px_mem_stat,
	.ready = mq_ready,
};

struct px_mqueue *px_mq_use(mqd_t fd, struct px_file **f)
{
	*f = px_file_use(fd);
	if (!*f)
		return NULL;
	if ((*f)->vnode->kind == PX_MQUEUE && !((*f)->flags & O_PATH))
		return px_node_of((*f)->vnode)->object;
	px_file_done(*f);
	errno = EBADF;
	return NULL;
}

/* One slash, and a name behind it. */
static int path_of(const char *name, char path[PATH_MAX])
{
	size_t n = strlen(name + 1);

	if (*name != '/')
		return -EINVAL;
	if (!n)
		return -ENOENT;
	if (strchr(name + 1, '/'))
		return -EACCES;
	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(stpcpy(path, DIRECTORY), name);
	return 0;
}

/* A new queue under that name, open: its descriptor, or an error.  Its maker may use it as asked
 * for, whatever `mode` says. */
static int make(const char *path, mode_t mode, const struct mq_attr *attr, int flags)
{
	struct px_mqueue *q = NULL;
	struct px_node *node = NULL;
	struct px_file *f = NULL;
	struct px_walk w;
	int r = px_walk_new(&w, AT_FDCWD, path, false);

	if (r)
		return r;
	r = px_fd_room();
	if (!r)
		q = px_alloc(sizeof(*q));
	if (q)
		f = px_alloc(sizeof(*f));
	if (f)
		node = px_node_new(S_IFREG | (mode & 07777 & ~px_me->umask));
	if (node) {
		q->most = (uint32_t)attr->mq_maxmsg;
		q->message_size = (uint32_t)attr->mq_msgsize;
		node->v.kind = PX_MQUEUE;
		node->object = q;
	} else {
		px_free(q);
	}
	if (!r)
		r = px_walk_add(&w, node);
	if (r) {
		px_free(f);
	} else {
		px_file_set(f, &node->v, flags);
		f->flags |= PX_LARGE_FILES;
		r = px_fd_install(f, 0, flags);
	}
	px_leave();
	return r;
}

/* Where they are, for all; it belongs to nobody who happens to need it first. */
static int make_directory(void)
{
	struct px_node *node;
	struct px_walk w;
	int r = px_walk_new(&w, AT_FDCWD, DIRECTORY, true);

	if (r)
		return r == -EEXIST ? 0 : r;
	node = px_node_new(S_IFDIR | 01777);
	if (node)
		node->uid = node->gid = 0;
	r = node ? px_dir_add(w.dir, w.name, w.n, node) : -ENOSPC;
	if (r && node)
		px_node_check(node);
	px_leave();
	return r;
}

static int create(const char *path, mode_t mode, const struct mq_attr *attr, int flags)
{
	static const struct mq_attr usual = {.mq_maxmsg = 10, .mq_msgsize = 8192};
	int r;

	if (!attr)
		attr = &usual;
	if (attr->mq_maxmsg < 1 || attr->mq_maxmsg > MOST || attr->mq_msgsize < 1 ||
	    attr->mq_msgsize > BYTES)
		return -EINVAL;
	r = make(path, mode, attr, flags);
	if (r == -ENOENT && (r = make_directory()) == 0)
		r = make(path, mode, attr, flags);
	return r;
}

mqd_t mq_open(const char *name, int flags, ...)
{
	const int open_flags = (flags & (O_ACCMODE | O_NONBLOCK)) | O_NOFOLLOW | O_CLOEXEC;
	struct mq_attr *attr = NULL;
	char path[PATH_MAX];
	mode_t mode = 0;
	va_list args;
	int r = path_of(name, path), fd;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		attr = va_arg(args, struct mq_attr *);
		va_end(args);
	}
	if (r)
		return (mqd_t)px_result(r);
	for (;;) {
		fd = flags & O_CREAT && flags & O_EXCL ? -1 : open(path, open_flags);
		if (fd >= 0 || !(flags & O_CREAT) || (errno != ENOENT && !(flags & O_EXCL)))
			return fd;
		r = create(path, mode, attr, open_flags);
		if (r != -EEXIST || flags & O_EXCL)
			return (mqd_t)px_result(r);
	}
}

int mq_unlink(const char *name)
{
	char path[PATH_MAX];
	int r = path_of(name, path);

	return r ? (int)px_result(r) : px_unlink_object(path);
}

int mq_close(mqd_t fd)
{
	struct px_file *f;
	struct px_mqueue *q = px_mq_use(fd, &f);

	if (!q)
		return -1;
	px_enter();
	if (q->told_process == px_process_number) {
		q->told_process = 0;
		px_wake(&q->noticed);
	}
	px_leave();
	px_file_done(f);
	return close(fd);
}

/* Inside. */
static struct mq_attr show(const struct px_mqueue *q, const struct px_file *f)
{
	return (struct mq_attr){.mq_flags = f->flags & O_NONBLOCK,
				.mq_maxmsg = q->most,
				.mq_msgsize = q->message_size,
				.mq_curmsgs = q->count};
}

int mq_setattr(mqd_t fd, const struct mq_attr *restrict new, struct mq_attr *restrict old)
{
	struct mq_attr was, set = {0};
	struct px_file *f;
	struct px_mqueue *q;

	if (new)
		set = *new;
	q = px_mq_use(fd, &f);
	if (!q)
		return -1;
	px_enter();
	was = show(q, f);
	if (new)
		f->flags =
			(f->flags & ~(uint32_t)O_NONBLOCK) | ((uint32_t)set.mq_flags & O_NONBLOCK);
	px_leave();
	px_file_done(f);
	if (old)
		*old = was;
	return 0;
}

int mq_getattr(mqd_t fd, struct mq_attr *attr)
{
	return mq_setattr(fd, NULL, attr);
}
