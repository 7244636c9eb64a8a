/* wait.c - waiting for children.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <process/process.h>
#include <signal.h>
#include <signal/again.h>
#include <string.h>
#include <sys/wait.h>
#include <thread/sched.h>
#include <thread/thread.h>
#include <vm/copy.h>

/* Who is waited for, and what for. */
struct wish {
	idtype_t type;
	uint32_t id;
	int options;
};

/* What came of it. */
struct news {
	pid_t pid;
	int status; /* as wait has it */
	struct rusage usage;
};

static bool meant(const struct px_process *p, const struct wish *w)
{
	if (p->unborn || p->adopted)
		return false;
	switch (w->type) {
	case P_PID:
		return p->number == w->id;
	case P_PGID:
		return p->group == w->id;
	default:
		return true;
	}
}

/* Has p something to tell that is wished for?  What it is, as a status. */
static bool has_news(const struct px_process *p, int options, int *status)
{
	*status = p->status;
	if (p->state == PX_ZOMBIE)
		return options & WEXITED;
	if (p->news == PX_NEWS_CONTINUED)
		*status = 0xffff;
	return (p->news == PX_NEWS_STOPPED && options & WSTOPPED) ||
	       (p->news == PX_NEWS_CONTINUED && options & WCONTINUED);
}

/* Its parent has heard of it. */
static void settle(struct px_process *p)
{
	p->news = 0;
	if (p->state != PX_ZOMBIE)
		return;
	px_usage_add(px_me, p);
	px_process_free(p);
}

/* Inside: 1: there is news; 0: there are such children; or -ECHILD. */
static int look(const struct wish *w, struct news *n)
{
	int found = -ECHILD;

	for (struct px_process *p = px_me->child; p; p = p->sibling) {
		if (!meant(p, w))
			continue;
		found = 0;
		if (!has_news(p, w->options, &n->status))
			continue;
		n->pid = (pid_t)p->number;
		px_usage_of(p, &n->usage);
		if (!(w->options & WNOWAIT))
			settle(p);
		return 1;
	}
	return found;
}

/* 1, or 0 if nothing has happened so far (WNOHANG), or an error. */
static int await(const struct wish *w, struct news *n)
{
	int r, e = 0;

	px_enter();
	while ((r = look(w, n)) == 0 && !(w->options & WNOHANG) && !e)
		e = px_block(&px_me->family, 0);
	px_leave();
	return r ? r : e;
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	px_cancel_point();
	struct wish w = {.type = P_ALL, .options = options | WEXITED};
	struct news n;
	int r;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED))
		return (pid_t)px_result(-EINVAL);
	if (pid > 0)
		w = (struct wish){P_PID, (uint32_t)pid, w.options};
	else if (pid == 0 || pid < -1)
		w = (struct wish){P_PGID, pid ? (uint32_t)-pid : px_me->group, w.options};
	if (pid == INT32_MIN)
		return (pid_t)px_result(-ESRCH);
	do
		r = await(&w, &n);
	while (px_restarts(r, PX_AGAIN_RESTART));
	if (r <= 0)
		return (pid_t)px_result(r);
	if ((status && px_copy_to(status, &n.status, sizeof(*status))) ||
	    (usage && px_copy_to(usage, &n.usage, sizeof(*usage))))
		return (pid_t)px_result(-EFAULT);
	return n.pid;
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

static void explain(siginfo_t *info, const struct news *n)
{
	info->si_signo = SIGCHLD;
	info->si_pid = n->pid;
	if (n->status == 0xffff) {
		info->si_code = CLD_CONTINUED;
		info->si_status = SIGCONT;
	} else if (WIFSTOPPED(n->status)) {
		info->si_code = CLD_STOPPED;
		info->si_status = WSTOPSIG(n->status);
	} else if (WIFEXITED(n->status)) {
		info->si_code = CLD_EXITED;
		info->si_status = WEXITSTATUS(n->status);
	} else {
		info->si_code = CLD_KILLED;
		info->si_status = WTERMSIG(n->status);
	}
}

int waitid(idtype_t type, id_t id, siginfo_t *user, int options)
{
	px_cancel_point();
	const int what = WEXITED | WSTOPPED | WCONTINUED;
	struct wish w = {type, (uint32_t)id, options};
	siginfo_t info;
	struct news n;
	int r;

	if (options & ~(what | WNOHANG | WNOWAIT) || !(options & what) ||
	    (type != P_ALL && type != P_PID && type != P_PGID) || (type == P_PID && (int)id <= 0) ||
	    (type == P_PGID && (int)id < 0))
		return (int)px_result(-EINVAL);
	if (type == P_PGID && !id)
		w.id = px_me->group;
	do
		r = await(&w, &n);
	while (px_restarts(r, PX_AGAIN_RESTART));
	if (r < 0)
		return (int)px_result(r);
	memset(&info, 0, sizeof(info));
	if (r)
		explain(&info, &n);
	return user && px_copy_to(user, &info, sizeof(info)) ? (int)px_result(-EFAULT) : 0;
}
