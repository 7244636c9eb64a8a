/* signalfd.c - signals behind a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As on Linux, whoever reads gets what is pending for himself, whoever made it.
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/anon.h>
#include <poll.h>
#include <signal/signals.h>
#include <sys/signalfd.h>
#include <vm/copy.h>

struct px_signalfd {
	uint64_t set;
};

static struct px_signalfd *signals_of(struct px_vnode *v)
{
	return px_node_of(v)->object;
}

static void show(struct signalfd_siginfo *to, const struct px_siginfo *from)
{
	*to = (struct signalfd_siginfo){.ssi_signo = (uint32_t)from->number,
					.ssi_errno = from->error,
					.ssi_code = from->code};
	if (from->code == SI_TIMER) {
		to->ssi_tid = (uint32_t)from->word[0];
		to->ssi_overrun = (uint32_t)(from->word[0] >> 32);
	} else {
		to->ssi_pid = (uint32_t)from->word[0];
		to->ssi_uid = (uint32_t)(from->word[0] >> 32);
	}
	if (from->number == SIGCHLD && from->code > 0) {
		to->ssi_status = (int32_t)from->word[1];
		to->ssi_utime = from->word[2];
		to->ssi_stime = from->word[3];
	} else {
		to->ssi_ptr = from->word[1];
		to->ssi_int = (int32_t)from->word[1];
	}
}

/* Inside: as many as there are room for, at least one.  A number or an error. */
static int take(struct px_signalfd *f, struct px_siginfo *info, uint32_t flags, bool more)
{
	struct px_thread *t = px_this();
	int r = 0, n;

	while (!(n = px_signal_take(t, f->set, info)) && !r) {
		if (flags & O_NONBLOCK || more)
			return -EAGAIN;
		r = px_await(&px_me->signals.news, 0);
	}
	px_signals_look(t);
	return n ? n : r;
}

static ssize_t signal_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct signalfd_siginfo *user = to, one;
	size_t done = 0;
	int r = 0;

	(void)offset;
	if (n < sizeof(one))
		return -EINVAL;
	for (; done < n / sizeof(one); done++) {
		struct px_siginfo info;

		px_enter();
		r = take(signals_of(v), &info, flags, done);
		px_leave();
		if (r < 0)
			break;
		show(&one, &info);
		if (px_copy_to(user + done, &one, sizeof(one)))
			return -EFAULT;
	}
	return done ? (ssize_t)(done * sizeof(one)) : r;
}

static uint32_t signal_ready(struct px_vnode *v, uint32_t flags, struct px_look *look)
{
	(void)flags;
	look->news[0] = &px_me->signals.news;
	return px_signals_of(px_this()) & signals_of(v)->set ? POLLIN : 0;
}

static void signal_discard(struct px_node *node)
{
	px_free(node->object);
}

const struct px_ops px_signalfd_ops = {
	.read = signal_read,
	.discard = signal_discard,
	.stat = px_anon_stat,
	.ready = signal_ready,
	.still = true,
};

static int make(uint64_t set, int flags)
{
	struct px_signalfd *f = px_alloc(sizeof(*f));

	if (f)
		f->set = set;
	return px_anon_install(PX_SIGNALFD, f, flags);
}

int signalfd(int fd, const sigset_t *user, int flags)
{
	struct px_signalfd *f;
	struct px_file *file;
	sigset_t set = *user & ~PX_SIG_UNBLOCKABLE;

	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return (int)px_result(-EINVAL);
	if (fd == -1)
		return make(set, flags);
	f = px_anon_use(fd, PX_SIGNALFD, EINVAL, &file);
	if (!f)
		return -1;
	px_enter();
	f->set = set;
	px_tell(&px_me->signals.news);
	px_leave();
	px_file_done(file);
	return fd;
}
