/* alarm.h - timers that send signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_ALARM_H
#define PX_ALARM_H

#include <signal/pending.h>

struct px_alarm;

/* Inside: the signal of the timer is taken; it goes on, and `info` says how often it has expired
 * meanwhile. */
void px_alarm_taken(struct px_alarm *alarm, struct px_siginfo *info)
	__attribute__((weak, visibility("hidden")));

#endif
