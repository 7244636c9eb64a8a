/* signame.c - names and texts of signals, those of Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <util/fmt.h>

#define SIGNALS(X)                                                                                 \
	X(HUP, "Hangup")                                                                           \
	X(INT, "Interrupt")                                                                        \
	X(QUIT, "Quit")                                                                            \
	X(ILL, "Illegal instruction")                                                              \
	X(TRAP, "Trace/breakpoint trap")                                                           \
	X(ABRT, "Aborted")                                                                         \
	X(BUS, "Bus error")                                                                        \
	X(FPE, "Floating point exception")                                                         \
	X(KILL, "Killed")                                                                          \
	X(USR1, "User defined signal 1")                                                           \
	X(SEGV, "Segmentation fault")                                                              \
	X(USR2, "User defined signal 2")                                                           \
	X(PIPE, "Broken pipe")                                                                     \
	X(ALRM, "Alarm clock")                                                                     \
	X(TERM, "Terminated")                                                                      \
	X(STKFLT, "Stack fault")                                                                   \
	X(CHLD, "Child exited")                                                                    \
	X(CONT, "Continued")                                                                       \
	X(STOP, "Stopped (signal)")                                                                \
	X(TSTP, "Stopped")                                                                         \
	X(TTIN, "Stopped (tty input)")                                                             \
	X(TTOU, "Stopped (tty output)")                                                            \
	X(URG, "Urgent I/O condition")                                                             \
	X(XCPU, "CPU time limit exceeded")                                                         \
	X(XFSZ, "File size limit exceeded")                                                        \
	X(VTALRM, "Virtual timer expired")                                                         \
	X(PROF, "Profiling timer expired")                                                         \
	X(WINCH, "Window changed")                                                                 \
	X(POLL, "I/O possible")                                                                    \
	X(PWR, "Power failure")                                                                    \
	X(SYS, "Bad system call")

#define TEXT(name, text) [SIG##name] = (text),
#define NAME(name, text) [SIG##name] = #name,
const char *const sys_siglist[NSIG] = {SIGNALS(TEXT)};
static const char *const names[NSIG] = {SIGNALS(NAME)};

const char *sigdescr_np(int n)
{
	return n > 0 && n < NSIG ? sys_siglist[n] : NULL;
}

const char *sigabbrev_np(int n)
{
	return n > 0 && n < NSIG ? names[n] : NULL;
}

char *strsignal(int n)
{
	static char other[40];

	if (sigdescr_np(n))
		return (char *)sys_siglist[n];
	if (n >= SIGRTMIN && n <= SIGRTMAX)
		fmt_string(other, sizeof(other), "Real-time signal %d", n - SIGRTMIN);
	else
		fmt_string(other, sizeof(other), "Unknown signal %d", n);
	return other;
}

void psignal(int n, const char *words)
{
	const char *colon = words && *words ? ": " : "";

	fprintf(stderr, "%s%s%s\n", *colon ? words : "", colon, strsignal(n));
}

/* What more of it is told is up to us: nothing. */
void psiginfo(const siginfo_t *info, const char *text)
{
	psignal(info->si_signo, text);
}
