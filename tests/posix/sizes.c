/* sizes.c - what can never change once programs are compiled: sizes and numbers, as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <wchar.h>

#define S(type)                                                                                    \
	printf("%s %zu %s\n", #type, sizeof(type), (type)-1 < (type)1 ? "signed" : "unsigned")
#define Z(type) printf("%s %zu\n", #type, sizeof(type))
#define N(name) printf("%s %ld\n", #name, (long)(name))

/* clang-format off */
static void types(void)
{
	S(dev_t); S(ino_t); S(off_t); S(time_t); S(nlink_t); S(uid_t); S(gid_t); S(mode_t); S(pid_t);
	S(blksize_t); S(blkcnt_t); S(clock_t); S(size_t); S(ssize_t); S(wchar_t); S(wint_t); S(clockid_t);
	S(suseconds_t); S(useconds_t); S(id_t); S(key_t); S(pthread_key_t); S(pthread_t); S(intmax_t);
	Z(fd_set); Z(siginfo_t); Z(stack_t); Z(struct timespec); Z(struct timeval); Z(struct tm);
	Z(struct stat); Z(struct sigevent); Z(union sigval); Z(struct flock);
	Z(pthread_attr_t); Z(pthread_mutex_t); Z(pthread_cond_t); Z(pthread_rwlock_t); Z(pthread_barrier_t);
	Z(pthread_spinlock_t); Z(pthread_once_t); Z(gregset_t); Z(mcontext_t); Z(max_align_t); Z(long double);
}

static void numbers(void)
{
	N(FD_SETSIZE); N(NSIG); N(SIGRTMAX); N(PATH_MAX); N(NAME_MAX); N(PIPE_BUF); N(CLOCKS_PER_SEC);
	N(BUFSIZ > 0); N(EOF); N(SSIZE_MAX); N(CLOCK_REALTIME); N(CLOCK_MONOTONIC);
	N(CLOCK_PROCESS_CPUTIME_ID); N(TIMER_ABSTIME);
	N(SIGHUP); N(SIGINT); N(SIGQUIT); N(SIGILL); N(SIGTRAP); N(SIGABRT); N(SIGBUS); N(SIGFPE); N(SIGKILL);
	N(SIGUSR1); N(SIGSEGV); N(SIGUSR2); N(SIGPIPE); N(SIGALRM); N(SIGTERM); N(SIGCHLD); N(SIGCONT);
	N(SIGSTOP); N(SIGTSTP); N(SIGTTIN); N(SIGTTOU); N(SIGURG); N(SIGXCPU); N(SIGXFSZ); N(SIGVTALRM);
	N(SIGPROF); N(SIGWINCH); N(SIGIO); N(SIGPWR); N(SIGSYS); N(SIG_BLOCK); N(SIG_UNBLOCK); N(SIG_SETMASK);
	N(SA_RESTART); N(SA_SIGINFO); N(SA_ONSTACK); N(SA_NODEFER); N(SA_RESETHAND); N(SA_NOCLDSTOP);
	N(O_CREAT); N(O_EXCL); N(O_TRUNC); N(O_APPEND); N(O_NONBLOCK); N(O_CLOEXEC); N(O_DIRECTORY);
	N(O_NOFOLLOW); N(O_SYNC); N(AT_FDCWD); N(F_GETLK); N(F_SETLK); N(F_SETLKW); N(F_DUPFD_CLOEXEC);
	N(REG_RIP); N(REG_RSP); N(REG_CR2);
}

static void errors(void)
{
	N(EAGAIN); N(EWOULDBLOCK); N(EDEADLK); N(ENAMETOOLONG); N(ENOLCK); N(ENOSYS); N(ENOTEMPTY); N(ELOOP);
	N(EILSEQ); N(EOVERFLOW); N(ENOTSOCK); N(EADDRINUSE); N(ECONNREFUSED); N(ETIMEDOUT); N(EINPROGRESS);
	N(ECANCELED); N(EOWNERDEAD); N(ENOTSUP); N(EOPNOTSUPP); N(EPROTO); N(EMSGSIZE); N(ENOTCONN);
	for (int i = 0; i < 136; i++)
		printf("%d %s\n", i, strerror(i));
}

/* clang-format on */

int main(void)
{
	types();
	numbers();
	errors();
	return 0;
}
