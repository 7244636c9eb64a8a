/* set.c - sets of signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fd/file.h>
#include <signal/signals.h>

/* As with glibc, which keeps two numbers for itself. */
static int change(sigset_t *s, int n, bool in)
{
	if (!px_signal_mentionable(n))
		return (int)px_result(-EINVAL);
	*s = in ? *s | PX_SIG(n) : *s & ~PX_SIG(n);
	return 0;
}

int sigemptyset(sigset_t *s)
{
	*s = 0;
	return 0;
}

int sigfillset(sigset_t *s)
{
	*s = ~PX_SIG_PRIVATE;
	return 0;
}

int sigaddset(sigset_t *s, int n)
{
	return change(s, n, true);
}

int sigdelset(sigset_t *s, int n)
{
	return change(s, n, false);
}

int sigismember(const sigset_t *s, int n)
{
	return px_signal_valid(n) ? (*s & PX_SIG(n)) != 0 : (int)px_result(-EINVAL);
}

int sigisemptyset(const sigset_t *s)
{
	return *s == 0;
}

int sigandset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	*to = *a & *b;
	return 0;
}

int sigorset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	*to = *a | *b;
	return 0;
}

int __libc_current_sigrtmin(void)
{
	return SIGRTMIN;
}

int __libc_current_sigrtmax(void)
{
	return SIGRTMAX;
}
