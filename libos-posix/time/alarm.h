/* alarm.h - timers that send signals, or start threads.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * They lie in the arena: whoever runs on a CPU lets those expire that are in its heap
 * (thread/sched.h), whosever they are.  One that repeats goes on only when its signal has been
 * taken, and counts what it missed meanwhile; so no interval is too short.
 */
#ifndef PX_ALARM_H
#define PX_ALARM_H

#include <env/process.h>
#include <signal/pending.h>
#include <stdbool.h>
#include <thread/sched.h>
#include <time.h>

#define PX_ALARM_IF_USED __attribute__((weak, visibility("hidden")))

struct px_alarm {
	struct px_timer timer;
	struct px_alarm *next; /* process->signals.alarms */
	struct px_process *process;
	int id;     /* as timer_create returned it; negative: of setitimer, or a limit */
	int notify; /* SIGEV_* */
	clockid_t clock;
	uint32_t thread;   /* of SIGEV_THREAD_ID */
	uint32_t of;       /* whose clock it is, of a thread's */
	uint64_t at;       /* ns on its clock, 0: it does not run */
	uint64_t interval; /* 0: it runs once */
	int overrun;       /* of the signal that was taken last */
	uint8_t waits;     /* it has expired, and goes on when that was taken */
	uint8_t deleted;   /* it is freed when that was taken */
	uint8_t merges;    /* its signal is not sent if one is pending */
	uint8_t notified;  /* of SIGEV_THREAD: it has expired */
	struct px_signal signal;
	void *function, *attributes; /* of SIGEV_THREAD */
	uint64_t value;
};

/* A new one of that process, or NULL; `clock` is valid.  Inside. */
struct px_alarm *px_alarm_new(struct px_process *p, int id, clockid_t clock);

/* Inside. */
struct px_alarm *px_alarm_find(int id);
void px_alarm_delete(struct px_alarm *a);

/* Inside: it expires at `at` on its clock and every `interval` from then on; at 0: never. */
void px_alarm_set(struct px_alarm *a, uint64_t at, uint64_t interval);

/* Inside: how long until it expires, 0: it does not run; and what its clock says. */
uint64_t px_alarm_left(struct px_alarm *a);
uint64_t px_alarm_now(const struct px_alarm *a);

/* Inside: what it says has been heard; it goes on. */
void px_alarm_taken(struct px_alarm *a, struct px_siginfo *info) PX_ALARM_IF_USED;

/* Inside: its time has come.  And: all of p's end, but for those of setitimer if `some`. */
void px_alarm_expire(struct px_timer *timer) PX_ALARM_IF_USED;
void px_alarms_end(struct px_process *p, bool some) PX_ALARM_IF_USED;

/* Inside: one that starts threads has expired (time/notify.c). */
void px_alarm_notify(struct px_alarm *a) PX_ALARM_IF_USED;

/* Is there such a clock? */
bool px_clock_valid(clockid_t clock);

#endif
