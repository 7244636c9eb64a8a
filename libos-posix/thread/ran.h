/* ran.h - the time that threads have run.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_RAN_H
#define PX_RAN_H

#include <exo/types.h>
#include <stdint.h>
#include <time.h>

/* Clocks of threads and processes, or'ed to their numbers. */
#define PX_CLOCK_THREAD  0x40000000u
#define PX_CLOCK_PROCESS 0x20000000u

/* Nanoseconds on a clock of running time, or -EINVAL.  Only there, and only right, when threads are
 * scheduled. */
int64_t px_ran(clockid_t clock) __attribute__((weak, visibility("hidden")));

/* Of thread t of p, or of p as a whole.  Inside. */
struct px_process;
struct px_thread;
int64_t px_ran_by(const struct px_process *p, const struct px_thread *t);

/* Nanoseconds of so many of them. */
int64_t px_ns_of(uint64_t ticks);

/* The ticks of px_thread.ran for nanoseconds. */
uint64_t px_ticks_of(exo_ns_t ns);

#endif
