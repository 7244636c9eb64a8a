/* attr.c - attributes of threads.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <thread/thread.h>
#include <vm/vm.h>

#define STACK_MOST EXO_VA_TOP

static struct px_attr defaults = {.stack_bytes = PX_STACK_BYTES, .guard_bytes = PX_GUARD_BYTES};

static struct px_attr *of(pthread_attr_t *a)
{
	return (struct px_attr *)a;
}

void px_attr_default(struct px_attr *attr)
{
	*attr = defaults;
}

int pthread_attr_init(pthread_attr_t *attr)
{
	memset(attr, 0, sizeof(*attr));
	px_attr_default(of(attr));
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_setattr_default_np(const pthread_attr_t *attr)
{
	const struct px_attr *a = px_attr_of(attr);

	if (a->stack || (a->stack_bytes && a->stack_bytes < PTHREAD_STACK_MIN))
		return EINVAL;
	defaults = *a;
	if (!a->stack_bytes)
		defaults.stack_bytes = PX_STACK_BYTES;
	return 0;
}

int pthread_getattr_default_np(pthread_attr_t *attr)
{
	return pthread_attr_init(attr);
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
		return EINVAL;
	of(attr)->detached = state == PTHREAD_CREATE_DETACHED;
	return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
	*state = px_attr_of(attr)->detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > STACK_MOST)
		return EINVAL;
	of(attr)->stack_bytes = bytes;
	return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *bytes)
{
	*bytes = px_attr_of(attr)->stack_bytes;
	return 0;
}

int pthread_attr_setstack(pthread_attr_t *attr, void *low, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > STACK_MOST)
		return EINVAL;
	of(attr)->stack = low;
	of(attr)->stack_bytes = bytes;
	return 0;
}

int pthread_attr_getstack(const pthread_attr_t *attr, void **low, size_t *bytes)
{
	*low = px_attr_of(attr)->stack;
	*bytes = px_attr_of(attr)->stack_bytes;
	return 0;
}

/* The address is where the stack begins, its highest; the size is set apart. */
int pthread_attr_setstackaddr(pthread_attr_t *attr, void *high)
{
	of(attr)->stack = (char *)high - of(attr)->stack_bytes;
	return 0;
}

int pthread_attr_getstackaddr(const pthread_attr_t *attr, void **high)
{
	const struct px_attr *a = px_attr_of(attr);

	*high = a->stack ? (char *)a->stack + a->stack_bytes : NULL;
	return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t bytes)
{
	of(attr)->guard_bytes = bytes;
	return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *attr, size_t *bytes)
{
	*bytes = px_attr_of(attr)->guard_bytes;
	return 0;
}

/* All threads of the image compete for its CPUs. */
int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
	(void)attr;
	if (scope == PTHREAD_SCOPE_PROCESS)
		return ENOTSUP;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

int pthread_attr_getscope(const pthread_attr_t *attr, int *scope)
{
	(void)attr;
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	of(attr)->own_policy = inherit == PTHREAD_EXPLICIT_SCHED;
	return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *attr, int *inherit)
{
	*inherit = px_attr_of(attr)->own_policy ? PTHREAD_EXPLICIT_SCHED : PTHREAD_INHERIT_SCHED;
	return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
	if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR)
		return EINVAL;
	of(attr)->policy = (uint8_t)policy;
	return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *attr, int *policy)
{
	*policy = px_attr_of(attr)->policy;
	return 0;
}

int pthread_attr_setschedparam(pthread_attr_t *attr, const struct sched_param *param)
{
	int policy = px_attr_of(attr)->policy, priority = param->sched_priority;

	if (priority < sched_get_priority_min(policy) || priority > sched_get_priority_max(policy))
		return EINVAL;
	of(attr)->priority = (uint8_t)priority;
	return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *attr, struct sched_param *param)
{
	*param = (struct sched_param){.sched_priority = px_attr_of(attr)->priority};
	return 0;
}

int pthread_attr_setsigmask_np(pthread_attr_t *attr, const sigset_t *mask)
{
	of(attr)->has_mask = mask != NULL;
	of(attr)->mask = mask ? *mask : 0;
	return 0;
}

int pthread_attr_getsigmask_np(const pthread_attr_t *attr, sigset_t *mask)
{
	const struct px_attr *a = px_attr_of(attr);

	*mask = a->mask;
	return a->has_mask ? 0 : PTHREAD_ATTR_NO_SIGMASK_NP;
}

int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t bytes, const cpu_set_t *cpus)
{
	uint64_t set = 0;

	if (cpus)
		memcpy(&set, cpus, bytes < sizeof(set) ? bytes : sizeof(set));
	of(attr)->cpus = set;
	return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t bytes, cpu_set_t *cpus)
{
	const struct px_attr *a = px_attr_of(attr);
	uint64_t set = a->cpus ? a->cpus : ~0ull;

	if (bytes < sizeof(set))
		return EINVAL;
	memset(cpus, a->cpus ? 0 : 0xff, bytes);
	memcpy(cpus, &set, sizeof(set));
	return 0;
}

/* The first thread's stack can grow to all of its region. */
static void first_stack(struct px_attr *a)
{
	const struct px_region *r;

	px_enter();
	r = px_region_at((exo_va_t)px_argv);
	if (r) {
		a->stack = (void *)r->start;
		a->stack_bytes = r->end - r->start;
	}
	px_leave();
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
	const struct px_tcb *t = px_tcb_of(thread);
	const struct px_stack *s = t->stack;
	struct px_attr *a = of(attr);

	if (!t->thread)
		return ESRCH;
	memset(attr, 0, sizeof(*attr));
	if (s) {
		a->stack = (void *)s->low;
		a->stack_bytes = s->high - s->low;
		a->guard_bytes = s->guard_bytes;
	} else {
		first_stack(a);
	}
	a->detached = (t->flags & PX_TCB_DETACHED) != 0;
	a->policy = t->thread->policy;
	a->priority = t->thread->priority;
	a->cpus = t->thread->cpus;
	return 0;
}
