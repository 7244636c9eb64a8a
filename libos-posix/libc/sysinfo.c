/* sysinfo.c - the image as a whole: memory, processes, how long it has run.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/types.h>
#include <fd/file.h>
#include <libexo/time.h>
#include <sys/sysinfo.h>
#include <thread/sched.h>
#include <vm/copy.h>
#include <vm/frames.h>

#define ONE_LOAD (1ul << 16) /* of averages, which nobody keeps: it is what runs now */

static uint64_t threads_ready(const struct px_process *p)
{
	uint64_t n = 0;

	for (const struct px_thread *t = p->threads; t; t = t->next)
		n += t->state == PX_RUNNING || t->state == PX_READY;
	return n;
}

int sysinfo(struct sysinfo *user)
{
	struct sysinfo s = {.mem_unit = EXO_PAGE_SIZE};
	uint64_t ready = 0;

	s.uptime = (long)(xo_now() / 1000000000);
	px_enter();
	s.totalram = px_frames->total;
	s.freeram = px_frames->total - px_frames->out;
	for (const struct px_process *p = px_arena->process; p; p = p->next) {
		ready += threads_ready(p);
		s.procs = (unsigned short)(s.procs + p->thread_count);
	}
	px_leave();
	for (int i = 0; i < 3; i++)
		s.loads[i] = ready * ONE_LOAD;
	return px_copy_to(user, &s, sizeof(s)) ? (int)px_result(-EFAULT) : 0;
}
