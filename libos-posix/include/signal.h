/* signal.h - newlib's, with the texts of signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SIGNAL_H
#define _PX_SIGNAL_H

#include_next <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __MISC_VISIBLE || __POSIX_VISIBLE >= 200809
void psignal(int, const char *);
#endif
#if __MISC_VISIBLE
typedef _sig_func_ptr sighandler_t;
typedef _sig_func_ptr sig_t;
extern const char *const sys_siglist[NSIG];
#endif
#if __GNU_VISIBLE
typedef _sig_func_ptr __sighandler_t;
const char *sigabbrev_np(int);
const char *sigdescr_np(int);
#endif

#ifdef __cplusplus
}
#endif

#endif
