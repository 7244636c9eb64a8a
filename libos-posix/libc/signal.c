/* signal.c - signals a process sends itself.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * raise() and kill() of the own process run the handler or the default action
 * at once; exception.c has those of the processor.  Nothing else sends signals yet.
 */
#include <env/process.h>
#include <errno.h>
#include <fd/file.h>
#include <libc/exception.h>
#include <libexo/crash.h>
#include <libexo/upcall.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <util/fmt.h>

#define BIT(n)      (1ul << ((n)-1))
#define FAULTS      (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP))
#define IGNORED     (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGCONT))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))

static struct sigaction action[NSIG];
static sigset_t blocked, pending;

static bool valid(int n)
{
	return n > 0 && n < NSIG;
}

int sigemptyset(sigset_t *s)
{
	*s = 0;
	return 0;
}

int sigfillset(sigset_t *s)
{
	*s = ~0ul;
	return 0;
}

int sigaddset(sigset_t *s, int n)
{
	if (!valid(n))
		return (int)px_result(-EINVAL);
	*s |= BIT(n);
	return 0;
}

int sigdelset(sigset_t *s, int n)
{
	if (!valid(n))
		return (int)px_result(-EINVAL);
	*s &= ~BIT(n);
	return 0;
}

int sigismember(const sigset_t *s, int n)
{
	return valid(n) ? (*s & BIT(n)) != 0 : (int)px_result(-EINVAL);
}

/* End as by signal `number`: status 128 + number, with the callers printed. */
static _Noreturn void crash(int number)
{
	struct exo_frame f = {.kind = 0};
	char text[32];

	px_print(text, fmt_string(text, sizeof(text), "crash: signal %d\n", number));
	__asm__("lea 0(%%rip), %0" : "=r"(f.rip));
	f.rbp = (uintptr_t)__builtin_frame_address(0);
	f.rsp = f.rbp;
	f.addr = f.rip;
	xo_crash_report(&f, px_print);
	px_stop_by(number);
}

bool px_signal_handled(int n)
{
	return action[n].sa_handler != SIG_DFL && action[n].sa_handler != SIG_IGN &&
	       !(blocked & BIT(n));
}

void px_signal_handle(int n, siginfo_t *info, void *context)
{
	struct sigaction a = action[n];
	sigset_t before = blocked;

	if (a.sa_flags & (int)SA_RESETHAND)
		action[n].sa_handler = SIG_DFL;
	blocked |= a.sa_mask | (a.sa_flags & SA_NODEFER ? 0 : BIT(n));
	if (a.sa_flags & SA_SIGINFO)
		a.sa_sigaction(n, info, context);
	else
		a.sa_handler(n);
	blocked = before;
}

static void deliver(int n)
{
	struct sigaction a = action[n];
	siginfo_t info = {.si_signo = n, .si_code = SI_USER};

	info.si_pid = getpid();
	if (a.sa_handler == SIG_IGN || (a.sa_handler == SIG_DFL && BIT(n) & IGNORED))
		return;
	if (a.sa_handler == SIG_DFL) {
		if (n == SIGABRT || BIT(n) & FAULTS)
			crash(n);
		px_stop_by(n);
	}
	px_signal_handle(n, &info, NULL);
}

static void deliver_pending(void)
{
	while (pending & ~blocked) {
		int n = __builtin_ctzl(pending & ~blocked) + 1;

		pending &= ~BIT(n);
		deliver(n);
	}
}

int raise(int n)
{
	if (!valid(n))
		return (int)px_result(-EINVAL);
	pending |= BIT(n);
	deliver_pending();
	return 0;
}

/* Neither a handler that returns nor anything else keeps the process alive. */
_Noreturn void abort(void)
{
	blocked &= ~BIT(SIGABRT);
	raise(SIGABRT);
	action[SIGABRT].sa_handler = SIG_DFL;
	crash(SIGABRT);
}

int kill(pid_t pid, int n)
{
	if (n && !valid(n))
		return (int)px_result(-EINVAL);
	if (pid != getpid() && pid != 0 && pid != -1 && pid != -getpid())
		return (int)px_result(-ESRCH);
	return n ? raise(n) : 0;
}

int sigaction(int n, const struct sigaction *new, struct sigaction *old)
{
	if (!valid(n) || (new &&BIT(n) & UNBLOCKABLE))
		return (int)px_result(-EINVAL);
	if (old)
		*old = action[n];
	if (new)
		action[n] = *new;
	return 0;
}

_sig_func_ptr signal(int n, _sig_func_ptr handler)
{
	struct sigaction new = {.sa_flags = SA_RESTART}, old;

	new.sa_handler = handler;
	return sigaction(n, &new, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	sigset_t before = blocked;

	if (set && how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
		return (int)px_result(-EINVAL);
	if (set) {
		blocked = how == SIG_BLOCK     ? blocked | *set
			  : how == SIG_UNBLOCK ? blocked & ~*set
					       : *set;
		blocked &= ~UNBLOCKABLE;
	}
	if (old)
		*old = before;
	deliver_pending();
	return 0;
}

int sigpending(sigset_t *set)
{
	*set = pending & blocked;
	return 0;
}

void siglongjmp(sigjmp_buf env, int value)
{
	if (env->__saved)
		sigprocmask(SIG_SETMASK, &env->__mask, NULL);
	longjmp(env->__context, value);
}
