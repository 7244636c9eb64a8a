/* policy.c - who comes before whom, and on which CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fd/file.h>
#include <sched.h>
#include <string.h>
#include <thread/local.h>
#include <thread/thread.h>
#include <thread/turn.h>
#include <vm/copy.h>

#define PRIORITY_MAX 99

static bool known(int policy)
{
	return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE ||
	       policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool is_real_time(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

int sched_get_priority_max(int policy)
{
	return !known(policy) ? (int)px_result(-EINVAL) : is_real_time(policy) ? PRIORITY_MAX : 0;
}

int sched_get_priority_min(int policy)
{
	return !known(policy) ? (int)px_result(-EINVAL) : is_real_time(policy) ? 1 : 0;
}

int sched_yield(void)
{
	if (!px_arena->sched.on)
		return 0;
	px_enter();
	px_schedule();
	px_leave();
	return 0;
}

/* Inside: one that runs, or is ready, goes where it belongs now; `end`: behind all of its priority.
 */
static void reorder(struct px_thread *t, bool end)
{
	struct px_cpu *cpu = &px_arena->sched.cpu[t->cpu];

	if (t->state == PX_READY) {
		px_dequeue(cpu, t);
		if (end || !(t->cpus >> t->cpu & 1))
			px_ready(t);
		else
			px_queue_rest(cpu, t);
	} else if (t->state == PX_RUNNING && (cpu->first || !(t->cpus >> t->cpu & 1))) {
		t->to_end = end;
		cpu->over = 1;
		px_cpu_tell(cpu, PX_EVENT_LOOK);
	}
}

/* Inside. */
static bool may(const struct px_thread *t, int policy, int priority)
{
	return px_user_may(t->process) && px_priority_may(t, policy, priority) &&
	       !(t->policy == SCHED_IDLE && policy != SCHED_IDLE && px_me->user.effective);
}

/* It becomes the last of its new priority, or with `head` the first if that is lower (2.8.4,
 * process scheduling). */
static int set(struct px_thread *t, int policy, int priority, bool head)
{
	if (!t)
		return ESRCH;
	if (!known(policy) || priority < sched_get_priority_min(policy) ||
	    priority > sched_get_priority_max(policy))
		return EINVAL;
	px_enter();
	if (!may(t, policy, priority)) {
		px_leave();
		return EPERM;
	}
	head &= priority < t->priority;
	t->policy = (uint8_t)policy;
	t->priority = (uint8_t)priority;
	reorder(t, !head);
	px_leave();
	return 0;
}

int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *param)
{
	return set(px_tcb_of(thread)->thread, policy, param->sched_priority, false);
}

int pthread_getschedparam(pthread_t thread, int *policy, struct sched_param *param)
{
	const struct px_thread *t = px_tcb_of(thread)->thread;

	if (!t)
		return ESRCH;
	*policy = t->policy;
	*param = (struct sched_param){.sched_priority = t->priority};
	return 0;
}

int pthread_setschedprio(pthread_t thread, int priority)
{
	struct px_thread *t = px_tcb_of(thread)->thread;

	return t ? set(t, t->policy, priority, true) : ESRCH;
}

/* Inside: the thread of a number, of this process or as the first of another; 0: the caller. */
static struct px_thread *of(pid_t id)
{
	if (!id)
		return px_this();
	for (struct px_process *p = px_arena->process; p; p = p->next)
		for (struct px_thread *t = p->threads; t; t = t->next)
			if (t->id == (uint32_t)id)
				return t;
	return NULL;
}

static struct px_thread *find(pid_t id)
{
	struct px_thread *t;

	px_enter();
	t = of(id);
	px_leave();
	if (!t)
		errno = ESRCH;
	return t;
}

int sched_setscheduler(pid_t id, int policy, const struct sched_param *param)
{
	struct px_thread *t = find(id);

	return t ? (int)px_result(
			   -set(t, policy & ~SCHED_RESET_ON_FORK, param->sched_priority, false))
		 : -1;
}

int sched_getscheduler(pid_t id)
{
	const struct px_thread *t = find(id);

	return t ? t->policy : -1;
}

int sched_setparam(pid_t id, const struct sched_param *param)
{
	struct px_thread *t = find(id);

	return t ? (int)px_result(-set(t, t->policy, param->sched_priority, false)) : -1;
}

int sched_getparam(pid_t id, struct sched_param *param)
{
	const struct px_thread *t = find(id);
	struct sched_param now = {0};

	if (!t)
		return -1;
	now.sched_priority = t->priority;
	return px_copy_to(param, &now, sizeof(now)) ? (int)px_result(-EFAULT) : 0;
}

int sched_rr_get_interval(pid_t id, struct timespec *interval)
{
	const struct timespec turn = {.tv_nsec = PX_TURN};

	if (!find(id))
		return -1;
	return px_copy_to(interval, &turn, sizeof(turn)) ? (int)px_result(-EFAULT) : 0;
}

/* The CPUs of the image. */
static uint64_t present(void)
{
	return px_arena->sched.present;
}

/* Whoever runs where it may not goes elsewhere at once. */
static int set_cpus(struct px_thread *t, size_t bytes, const cpu_set_t *cpus)
{
	uint64_t set = 0;

	memcpy(&set, cpus, bytes < sizeof(set) ? bytes : sizeof(set));
	if (px_sched_start() < 0)
		return ENOMEM;
	if (!t)
		return ESRCH;
	px_enter();
	if (!px_user_may(t->process) || !(set & present())) {
		px_leave();
		return set & present() ? EPERM : EINVAL;
	}
	t->cpus = set & present();
	if (!(t->cpus >> t->cpu & 1)) {
		if (t == px_this())
			px_emigrate();
		else
			reorder(t, false);
	}
	px_leave();
	return 0;
}

static int get_cpus(const struct px_thread *t, size_t bytes, cpu_set_t *cpus)
{
	uint64_t set;

	if (bytes < sizeof(set) || bytes % sizeof(long))
		return EINVAL;
	if (!t)
		return ESRCH;
	px_sched_start();
	set = t->cpus & present();
	memset(cpus, 0, bytes);
	memcpy(cpus, &set, sizeof(set));
	return 0;
}

int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t *cpus)
{
	return set_cpus(px_tcb_of(thread)->thread, bytes, cpus);
}

int pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *cpus)
{
	return get_cpus(px_tcb_of(thread)->thread, bytes, cpus);
}

int sched_setaffinity(pid_t id, size_t bytes, const cpu_set_t *cpus)
{
	struct px_thread *t = find(id);

	return t ? (int)px_result(-set_cpus(t, bytes, cpus)) : -1;
}

int sched_getaffinity(pid_t id, size_t bytes, cpu_set_t *cpus)
{
	const struct px_thread *t = find(id);

	return t ? (int)px_result(-get_cpus(t, bytes, cpus)) : -1;
}

int sched_getcpu(void)
{
	return (int)px_cpu_number();
}

int pthread_yield(void) __attribute__((alias("sched_yield")));
