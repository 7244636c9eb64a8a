/* ran.c - the time that threads have run.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <libexo/start.h>
#include <thread/local.h>
#include <thread/ran.h>
#include <thread/thread.h>

/* What is not in its record yet is what it has run since it got its CPU. */
static uint64_t ticks_of(const struct px_thread *t)
{
	const struct px_cpu *cpu = &px_arena->sched.cpu[t->cpu];
	uint64_t now = px_ticks();

	return t->ran + (t->state == PX_RUNNING && now > cpu->since ? now - cpu->since : 0);
}

static uint64_t process_ticks(const struct px_process *p)
{
	uint64_t ran = p->ran;

	for (const struct px_thread *t = p->threads; t; t = t->next)
		if (t->state != PX_ENDED)
			ran += ticks_of(t);
	return ran;
}

int64_t px_ns_of(uint64_t ticks)
{
	return (int64_t)((unsigned __int128)ticks * xo_info->tsc_mult >> 32);
}

uint64_t px_ticks_of(exo_ns_t ns)
{
	return (uint64_t)(((unsigned __int128)ns << 32) / xo_info->tsc_mult);
}

int64_t px_ran_by(const struct px_process *p, const struct px_thread *t)
{
	return px_ns_of(t ? ticks_of(t) : process_ticks(p));
}

/* Inside. */
static int64_t ran(clockid_t clock)
{
	struct px_process *p = px_arena->process;
	uint32_t id = (uint32_t)clock & ~(PX_CLOCK_THREAD | PX_CLOCK_PROCESS);

	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return px_ns_of(process_ticks(px_me));
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return px_ns_of(ticks_of(px_this()));
	if (clock & PX_CLOCK_THREAD)
		for (const struct px_thread *t = px_me->threads; t; t = t->next)
			if (t->id == id && t->state != PX_ENDED)
				return px_ns_of(ticks_of(t));
	for (; clock & PX_CLOCK_PROCESS && p; p = p->next)
		if (p->number == id)
			return px_ns_of(process_ticks(p));
	return -EINVAL;
}

int64_t px_ran(clockid_t clock)
{
	int64_t ns;

	px_enter();
	ns = ran(clock);
	px_leave();
	return ns;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	*clock = PX_CLOCK_THREAD | px_tcb_of(thread)->id;
	return px_sched_start() < 0 ? ENOENT : 0;
}

int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	clockid_t of =
		pid ? (clockid_t)(PX_CLOCK_PROCESS | (uint32_t)pid) : CLOCK_PROCESS_CPUTIME_ID;

	if (px_sched_start() < 0)
		return ENOSYS;
	if (px_ran(of) < 0)
		return ESRCH;
	*clock = of;
	return 0;
}
