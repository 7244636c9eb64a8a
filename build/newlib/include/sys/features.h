/* sys/features.h - the POSIX options this system's headers declare.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * newlib's headers show whole groups of functions only where their option is
 * defined.  A declared function that the libOS does not have is a link error
 * with its name.
 */
#ifndef _EXO_SYS_FEATURES_H
#define _EXO_SYS_FEATURES_H

#include_next <sys/features.h>

#define _POSIX_VERSION  200809L
#define _POSIX2_VERSION 200809L
#if __XSI_VISIBLE
#define _XOPEN_VERSION  700
#define _XOPEN_UNIX     1
#define _XOPEN_ENH_I18N 1
#endif

#define _POSIX_ADVISORY_INFO              200809L
#define _POSIX_ASYNCHRONOUS_IO            200809L
#define _POSIX_BARRIERS                   200809L
#define _POSIX_CHOWN_RESTRICTED           1
#define _POSIX_CLOCK_SELECTION            200809L
#define _POSIX_CPUTIME                    200809L
#define _POSIX_FSYNC                      200809L
#define _POSIX_IPV6                       200809L
#define _POSIX_JOB_CONTROL                1
#define _POSIX_MAPPED_FILES               200809L
#define _POSIX_MEMORY_PROTECTION          200809L
#define _POSIX_MEMLOCK                    200809L
#define _POSIX_MEMLOCK_RANGE              200809L
#define _POSIX_MESSAGE_PASSING            200809L
#define _POSIX_MONOTONIC_CLOCK            200809L
#define _POSIX_NO_TRUNC                   1
#define _POSIX_PRIORITY_SCHEDULING        200809L
#define _POSIX_RAW_SOCKETS                200809L
#define _POSIX_READER_WRITER_LOCKS        200809L
#define _POSIX_REALTIME_SIGNALS           200809L
#define _POSIX_REGEXP                     1
#define _POSIX_SAVED_IDS                  1
#define _POSIX_SEMAPHORES                 200809L
#define _POSIX_SHELL                      1
#define _POSIX_SPAWN                      200809L
#define _POSIX_SPIN_LOCKS                 200809L
#define _POSIX_SYNCHRONIZED_IO            200809L
#define _POSIX_THREAD_ATTR_STACKADDR      200809L
#define _POSIX_THREAD_ATTR_STACKSIZE      200809L
#define _POSIX_THREAD_CPUTIME             200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING 200809L
#define _POSIX_THREAD_PROCESS_SHARED      200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS      200809L
#define _POSIX_THREADS                    200809L
#define _POSIX_TIMEOUTS                   200809L
#define _POSIX_TIMERS                     200809L
#define _POSIX_VDISABLE                   '\0'
#define _UNIX98_THREAD_MUTEX_ATTRIBUTES   1

/* wchar_t holds Unicode of this version in every locale. */
#define __STDC_ISO_10646__ 201806L

#endif
