/* sys/signal.h - signals: Linux's numbers and structures on x86-64.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIGHUP    1
#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGIOT    6
#define SIGBUS    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGUSR1   10
#define SIGSEGV   11
#define SIGUSR2   12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGSTKFLT 16
#define SIGCHLD   17
#define SIGCLD    17
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGIO     29
#define SIGPOLL   29
#define SIGPWR    30
#define SIGSYS    31
#define SIGRTMIN  34
#define SIGRTMAX  64
#define NSIG      65
#define _NSIG     65

union sigval {
	int sival_int;
	void *sival_ptr;
};
typedef union sigval sigval_t;

#define SIGEV_SIGNAL 0
#define SIGEV_NONE   1
#define SIGEV_THREAD 2

struct sigevent {
	union sigval sigev_value;
	int sigev_signo;
	int sigev_notify;
	void (*sigev_notify_function)(union sigval);
	pthread_attr_t *sigev_notify_attributes;
	long __room[4];
};

/* si_code */
#define SI_USER       0
#define SI_KERNEL     0x80
#define SI_QUEUE      (-1)
#define SI_TIMER      (-2)
#define SI_MESGQ      (-3)
#define SI_ASYNCIO    (-4)
#define SI_TKILL      (-6)
#define ILL_ILLOPC    1
#define ILL_ILLOPN    2
#define ILL_ILLADR    3
#define ILL_ILLTRP    4
#define ILL_PRVOPC    5
#define FPE_INTDIV    1
#define FPE_INTOVF    2
#define FPE_FLTDIV    3
#define FPE_FLTOVF    4
#define FPE_FLTUND    5
#define FPE_FLTRES    6
#define FPE_FLTINV    7
#define FPE_FLTSUB    8
#define SEGV_MAPERR   1
#define SEGV_ACCERR   2
#define BUS_ADRALN    1
#define BUS_ADRERR    2
#define BUS_OBJERR    3
#define TRAP_BRKPT    1
#define TRAP_TRACE    2
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_TRAPPED   4
#define CLD_STOPPED   5
#define CLD_CONTINUED 6
#define POLL_IN       1
#define POLL_OUT      2
#define POLL_MSG      3
#define POLL_ERR      4
#define POLL_PRI      5
#define POLL_HUP      6

typedef struct {
	int si_signo;
	int si_errno;
	int si_code;
	int __pad;
	union {
		int __room[28];
		struct {
			pid_t __pid;
			uid_t __uid;
			union sigval __value;
			clock_t __utime, __stime;
		} __process;
		struct {
			int __timerid;
			int __overrun;
			union sigval __value;
		} __timer;
		struct {
			void *__addr;
			short __lsb;
		} __fault;
		struct {
			long __band;
			int __fd;
		} __poll;
		struct {
			pid_t __pid;
			uid_t __uid;
			int __status;
			clock_t __utime, __stime;
		} __child;
	} __u;
} siginfo_t;

#define si_pid     __u.__process.__pid
#define si_uid     __u.__process.__uid
#define si_value   __u.__process.__value
#define si_int     __u.__process.__value.sival_int
#define si_ptr     __u.__process.__value.sival_ptr
#define si_timerid __u.__timer.__timerid
#define si_overrun __u.__timer.__overrun
#define si_addr    __u.__fault.__addr
#define si_band    __u.__poll.__band
#define si_fd      __u.__poll.__fd
#define si_status  __u.__child.__status
#define si_utime   __u.__child.__utime
#define si_stime   __u.__child.__stime

#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO   0x00000004
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000
#define SA_NOMASK    SA_NODEFER
#define SA_ONESHOT   SA_RESETHAND

typedef void (*_sig_func_ptr)(int);

struct sigaction {
	union {
		_sig_func_ptr __handler;
		void (*__action)(int, siginfo_t *, void *);
	} __u;
	sigset_t sa_mask;
	int sa_flags;
	void (*__restorer)(void);
};
#define sa_handler   __u.__handler
#define sa_sigaction __u.__action

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define MINSIGSTKSZ 2048
#define SIGSTKSZ    8192
#define SS_ONSTACK  1
#define SS_DISABLE  2

typedef struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

int sigprocmask(int, const sigset_t *, sigset_t *);
int pthread_sigmask(int, const sigset_t *, sigset_t *);
int pthread_kill(pthread_t, int);
int kill(pid_t, int);
int killpg(pid_t, int);
int sigaction(int, const struct sigaction *, struct sigaction *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigfillset(sigset_t *);
int sigemptyset(sigset_t *);
int sigpending(sigset_t *);
int sigsuspend(const sigset_t *);
int sigwait(const sigset_t *, int *);
int sigwaitinfo(const sigset_t *, siginfo_t *);
int sigtimedwait(const sigset_t *, siginfo_t *, const struct timespec *);
int sigqueue(pid_t, int, const union sigval);
int sigaltstack(const stack_t *__restrict, stack_t *__restrict);
int siginterrupt(int, int);
void psiginfo(const siginfo_t *, const char *);

#include <sys/ucontext.h>

#ifdef __cplusplus
}
#endif

/* Programs take <sys/signal.h> and <signal.h> as the same. */
#ifndef _SIGNAL_H_
#include <signal.h>
#endif

#endif
