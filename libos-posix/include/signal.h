/* signal.h - newlib's, with the texts of signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SIGNAL_H
#define _PX_SIGNAL_H

#include_next <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Enough to begin a handler with all registers that there can be; and for what one calls. */
#undef MINSIGSTKSZ
#undef SIGSTKSZ
#define MINSIGSTKSZ 4096
#define SIGSTKSZ    16384

#define SI_SIGIO  (-5)
#define SI_ASYNCNL (-60)
#define ILL_PRVREG  6
#define ILL_COPROC  7
#define ILL_BADSTK  8
#define FPE_FLTUNK  14
#define SEGV_BNDERR 3
#define SEGV_PKUERR 4
#define BUS_MCEERR_AR 4
#define BUS_MCEERR_AO 5
#define TRAP_BRANCH 3
#define TRAP_HWBKPT 4
#define si_addr_lsb __u.__fault.__lsb

#define SIGEV_THREAD_ID 4
#define sigev_notify_thread_id __room[0]

#define SIG_HOLD ((_sig_func_ptr)2)

int sighold(int);
int sigignore(int);
int sigpause(int);
int sigrelse(int);
_sig_func_ptr sigset(int, _sig_func_ptr);
int __libc_current_sigrtmin(void);
int __libc_current_sigrtmax(void);

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
int sigisemptyset(const sigset_t *);
int sigorset(sigset_t *, const sigset_t *, const sigset_t *);
int sigandset(sigset_t *, const sigset_t *, const sigset_t *);
int pthread_sigqueue(pthread_t, int, const union sigval);
int tgkill(pid_t, pid_t, int);
#endif

#ifdef __cplusplus
}
#endif

#endif
