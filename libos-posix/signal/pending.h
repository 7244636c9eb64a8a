/* pending.h - signals that were sent and not taken yet, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_PENDING_H
#define PX_PENDING_H

#include <fd/news.h>
#include <stdint.h>

struct px_alarm;

/* What a siginfo_t begins with; all else in it is zero. */
struct px_siginfo {
	int32_t number, error, code, zero;
	uint64_t word[4];
};

/* What is known of one signal. */
struct px_signal {
	struct px_signal *next;
	struct px_alarm *alarm; /* that it is part of (time/alarm.h), or NULL */
	uint32_t in_use;        /* it is part of a thread's record: 1; else 0 */
	uint32_t zero;
	struct px_siginfo info;
};

/* Bit n - 1 stands for number n.  A number without an entry is one of which nothing is known. */
struct px_pending {
	uint64_t set;
	struct px_signal *first, *last; /* in the order in which they came */
};

/* A process's. */
struct px_signals {
	struct px_pending pending;  /* sent to the process, for any of its threads */
	uint64_t ignored, caught;   /* numbers that have SIG_IGN, a handler */
	uint32_t count;             /* entries, besides those that are part of something */
	uint8_t no_zombies;         /* SA_NOCLDWAIT, or SIGCHLD is ignored */
	uint8_t no_stops;           /* SA_NOCLDSTOP */
	uint8_t stopping;           /* a signal that stops it has been taken, and not overruled */
	uint8_t stop_told;          /* all threads have stopped, its parent knows */
	struct px_alarm *alarms;    /* its timers */
	struct px_thread *notifier; /* who starts threads for them (time/notify.c) */
	struct px_news news;        /* something was sent: for signalfd */
};

#endif
