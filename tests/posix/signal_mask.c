/* signal_mask.c - masks, pending signals, the order in which handlers run, what they are told.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static char trace[512];
static volatile int depth, raised; /* raise() is declared as if it called nothing of this file */

static void note(const char *format, int n)
{
	sprintf(trace + strlen(trace), format, n);
}

static void show(const char *what)
{
	printf("%s:%s\n", what, trace);
	trace[0] = 0;
}

/* Numbers relative to SIGRTMIN, which is not everywhere the same. */
static int number(int n)
{
	return n >= SIGRTMIN ? 1000 + n - SIGRTMIN : n;
}

static void plain(int n)
{
	note(" [%d", number(n));
	note(" %d]", depth);
}

static void told(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	note(" (%d", number(n));
	note(" %d", info->si_code);
	note(" %d", number(info->si_signo));
	note(" %d", info->si_pid == getpid());
	note(" %d", info->si_uid == getuid());
	note(" %d", info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
	note(" %d)", u->uc_stack.ss_flags & SS_ONSTACK);
}

static void again(int n)
{
	note(" <%d", number(n));
	depth++;
	if (++raised < 3)
		raise(n);
	depth--;
	note(" %d", depth);
	note(" %d>", number(n));
}

static void others(int n)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	note(" %d:", number(n));
	for (int i = 1; i < 32; i++)
		if (sigismember(&now, i))
			note("%d,", i);
}

static void set(int n, void *handler, int flags, int blocked)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_handler = handler;
	a.sa_flags = flags;
	if (blocked == -1)
		sigfillset(&a.sa_mask);
	else if (blocked)
		sigaddset(&a.sa_mask, blocked);
	if (sigaction(n, &a, NULL))
		printf("sigaction %d: %s\n", number(n), strerror(errno));
}

static sigset_t of(int a, int b, int c)
{
	sigset_t s;

	sigemptyset(&s);
	if (a)
		sigaddset(&s, a);
	if (b)
		sigaddset(&s, b);
	if (c)
		sigaddset(&s, c);
	return s;
}

static void order(void)
{
	sigset_t all = of(SIGUSR1, SIGUSR2, SIGTERM), none = of(0, 0, 0);

	set(SIGUSR1, plain, 0, 0);
	set(SIGUSR2, plain, 0, 0);
	set(SIGTERM, plain, 0, 0);
	sigprocmask(SIG_SETMASK, &all, NULL);
	raise(SIGTERM);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR2);
	raise(SIGUSR1);
	show("blocked");
	sigprocmask(SIG_SETMASK, &none, NULL);
	show("together");
	set(SIGUSR1, plain, 0, -1);
	set(SIGUSR2, plain, 0, -1);
	set(SIGTERM, plain, 0, -1);
	sigprocmask(SIG_SETMASK, &all, NULL);
	kill(getpid(), SIGTERM);
	raise(SIGUSR2);
	raise(SIGUSR1);
	sigprocmask(SIG_SETMASK, &none, NULL);
	show("one by one");
}

static void queued(void)
{
	sigset_t all = of(SIGRTMIN, SIGRTMIN + 1, SIGRTMAX), none = of(0, 0, 0), pending;

	set(SIGRTMIN, told, SA_SIGINFO, -1);
	set(SIGRTMIN + 1, told, SA_SIGINFO, -1);
	set(SIGRTMAX, told, SA_SIGINFO, -1);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int i = 0; i < 3; i++) {
		sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = i});
		sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 10 + i});
		kill(getpid(), SIGRTMIN);
	}
	sigpending(&pending);
	printf("pending %d %d %d %d\n", sigismember(&pending, SIGRTMIN),
	       sigismember(&pending, SIGRTMIN + 1), sigismember(&pending, SIGRTMIN + 2),
	       sigismember(&pending, SIGRTMAX));
	sigprocmask(SIG_SETMASK, &none, NULL);
	show("queued");
}

static void informed(void)
{
	set(SIGUSR1, told, SA_SIGINFO, 0);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	pthread_kill(pthread_self(), SIGUSR1);
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 7});
	pthread_sigqueue(pthread_self(), SIGUSR1, (union sigval){.sival_int = 8});
	kill(0, 0);
	show("informed");
}

static void flags(void)
{
	struct sigaction a;

	set(SIGUSR1, again, 0, 0);
	raise(SIGUSR1);
	show("deferred");
	set(SIGUSR1, again, SA_NODEFER, 0);
	raised = 0;
	raise(SIGUSR1);
	show("nested");
	set(SIGUSR1, plain, SA_RESETHAND, 0);
	raise(SIGUSR1);
	sigaction(SIGUSR1, NULL, &a);
	printf("reset %d %d\n", a.sa_handler == SIG_DFL, (a.sa_flags & SA_RESETHAND) != 0);
	set(SIGUSR1, others, 0, SIGTERM);
	raise(SIGUSR1);
	set(SIGUSR1, others, SA_NODEFER, SIGHUP);
	raise(SIGUSR1);
	show("masks");
}

/* What happens to what is pending when it is ignored. */
static void ignored(void)
{
	sigset_t one = of(SIGUSR1, SIGCHLD, 0), none = of(0, 0, 0), pending;

	set(SIGUSR1, plain, 0, 0);
	sigprocmask(SIG_SETMASK, &one, NULL);
	raise(SIGUSR1);
	raise(SIGCHLD);
	set(SIGUSR1, SIG_IGN, 0, 0);
	sigpending(&pending);
	printf("ignored %d %d", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGCHLD));
	raise(SIGUSR1);
	sigpending(&pending);
	printf(" %d", sigismember(&pending, SIGUSR1));
	set(SIGUSR1, plain, 0, 0);
	set(SIGCHLD, plain, 0, 0);
	sigprocmask(SIG_SETMASK, &none, NULL);
	show("");
	set(SIGCHLD, SIG_DFL, 0, 0);
}

static void unmask(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	sigaddset(&u->uc_sigmask, SIGHUP);
	note(" unmask %d", n);
	(void)info;
}

static void context(void)
{
	sigset_t now, none = of(0, 0, 0);

	set(SIGUSR1, unmask, SA_SIGINFO, 0);
	raise(SIGUSR1);
	sigprocmask(SIG_SETMASK, &none, &now);
	printf("left %d %d:", sigismember(&now, SIGHUP), sigismember(&now, SIGUSR1));
	show("");
}

static sigjmp_buf env;

static void jump(int n)
{
	siglongjmp(env, n);
}

static void jumps(void)
{
	volatile int times = 0;
	sigset_t now;
	int n;

	set(SIGUSR2, jump, 0, SIGTERM);
	n = sigsetjmp(env, 1);
	times++;
	if (times < 20)
		raise(SIGUSR2);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("jumps %d %d %d %d\n", n, times, sigismember(&now, SIGUSR2),
	       sigismember(&now, SIGTERM));
}

static void errors(void)
{
	struct sigaction a = {.sa_flags = 0};
	sigset_t s;

	errno = 0;
	printf("errors %d", sigaction(SIGKILL, &a, NULL));
	printf(" %d", sigaction(SIGSTOP, &a, NULL));
	printf(" %d", sigaction(0, &a, NULL));
	printf(" %d", sigaction(65, NULL, &a));
	printf(" %d", sigaction(SIGKILL, NULL, &a));
	printf(" %d", errno == EINVAL);
	errno = 0;
	printf(" %d %d", sigprocmask(77, &s, NULL), errno == EINVAL);
	printf(" %d", sigprocmask(77, NULL, &s));
	errno = 0;
	printf(" %d %d", kill(99999999, 0), errno == ESRCH);
	printf(" %d", kill(getpid(), 65));
	printf(" %d", errno == EINVAL);
	printf(" %d", raise(-1));
	printf(" %d %d", raise(0), raise(65));
	printf(" %d", pthread_kill(pthread_self(), 99) == EINVAL);
	printf(" %d", sigqueue(getpid(), 99, (union sigval){.sival_int = 1}));
	sigfillset(&s);
	sigprocmask(SIG_SETMASK, &s, NULL);
	sigprocmask(SIG_SETMASK, NULL, &s);
	printf(" %d %d %d\n", sigismember(&s, SIGKILL), sigismember(&s, SIGSTOP),
	       sigismember(&s, SIGINT));
	sigemptyset(&s);
	sigprocmask(SIG_SETMASK, &s, NULL);
	printf("old %d %d %d\n", sighold(SIGUSR1), raise(SIGUSR1), sigignore(SIGUSR1));
	printf("%d\n", sigrelse(SIGUSR1));
	printf("%d", sigset(SIGUSR1, plain) == SIG_IGN);
	printf(" %d", sigset(SIGUSR1, SIG_HOLD) == plain);
	printf(" %d\n", sigset(SIGUSR1, plain) == SIG_HOLD);
}

int main(void)
{
	order();
	queued();
	informed();
	flags();
	ignored();
	context();
	jumps();
	errors();
	return 0;
}
