/* sessions.c - process groups, sessions, job control on a pseudo-terminal.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 * RUN: groups
 * RUN: stop
 * RUN: orphans
 * RUN: terminal
 * RUN: keys
 * RUN: background
 * RUN: hangup
 * RUN: devtty
 */
#include "child.h"
#include "try.h"
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

static int ready[2];

static void tell(void)
{
	write(ready[1], "", 1);
}

static void hear(void)
{
	char c;

	read(ready[0], &c, 1);
}

/* One change of a child's state, in one line. */
static int show(const char *what, pid_t pid, int options)
{
	int status = -1;
	pid_t r = waitpid(pid, &status, options);

	printf("%-10s %s: ", what, r == pid ? "heard" : r ? "error" : "nothing");
	if (r != pid)
		puts(r ? strerror(errno) : "");
	else if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
	else if (WIFSTOPPED(status))
		printf("stopped %d\n", WSTOPSIG(status));
	else
		printf("%s\n", WIFCONTINUED(status) ? "continued" : "?");
	fflush(stdout);
	return status;
}

static void pause_for_ever(void)
{
	tell();
	for (;;)
		pause();
}

static int groups(void)
{
	pid_t me = getpid(), a, b;

	if (getpgrp() != me)
		setpgid(0, 0);
	printf("own group %d, parent's session %d\n", getpgrp() == me,
	       getsid(0) == getsid(getppid()) || getppid() == 0);
	a = begin();
	if (!a)
		pause_for_ever();
	b = begin();
	if (!b)
		pause_for_ever();
	hear();
	hear();
	printf("inherited %d\n", getpgid(a) == me && getpgid(b) == me);
	TRY(setpgid(a, a));
	TRY(getpgid(a) == a);
	TRY(setpgid(b, a));
	TRY(getpgid(b) == a);
	TRY(setpgid(b, 99999999));
	TRY(setpgid(99999999, 0));
	TRY(setpgid(a, -1));
	TRY(setpgid(getppid() ? getppid() : 99999999, 0));
	TRY(getpgid(99999999));
	TRY(getsid(99999999));
	TRY(getsid(a) == getsid(0));
	TRY(setsid());
	TRY(kill(-a, 0));
	TRY(kill(-99999999, 0));
	TRY(waitpid(-a, NULL, WNOHANG));
	TRY(waitpid(0, NULL, WNOHANG));
	TRY(killpg(a, SIGTERM));
	show("one", -a, 0);
	show("other", -a, 0);
	show("none", -a, 0);
	a = begin();
	if (!a) {
		pid_t c;

		TRY(setsid() == getpid());
		TRY(setsid());
		TRY(setpgid(0, 0));
		TRY(getpgrp() == getpid() && getsid(0) == getpid());
		TRY(open("/dev/tty", O_RDWR));
		c = begin();
		if (!c) {
			TRY(getsid(0) == getppid());
			TRY(setpgid(0, 0));
			TRY(setpgid(0, getppid()));
			fflush(stdout);
			_exit(4);
		}
		show("in session", c, 0);
		TRY(setpgid(getppid(), 0));
		fflush(stdout);
		_exit(3);
	}
	show("session", a, 0);
	a = begin();
	if (!a) {
		setsid();
		pause_for_ever();
	}
	hear();
	TRY(setpgid(a, 0));
	TRY(setpgid(a, me));
	kill(a, SIGKILL);
	show("killed", a, 0);
	return 0;
}

static volatile sig_atomic_t children;

static void child(int n, siginfo_t *info, void *unused)
{
	children++;
	(void)n;
	(void)info;
	(void)unused;
}

static int stop(void)
{
	struct sigaction act = {.sa_sigaction = child, .sa_flags = SA_SIGINFO | SA_RESTART};
	siginfo_t info;
	pid_t a;

	sigaction(SIGCHLD, &act, NULL);
	setpgid(0, 0);
	a = begin();
	if (!a)
		pause_for_ever();
	hear();
	show("running", a, WNOHANG | WUNTRACED | WCONTINUED);
	kill(a, SIGSTOP);
	show("stop", a, WUNTRACED);
	show("again", a, WUNTRACED | WNOHANG);
	kill(a, SIGCONT);
	show("go", a, WCONTINUED);
	kill(a, SIGSTOP);
	show("stop", a, WUNTRACED);
	kill(a, SIGTERM);
	memset(&info, 0, sizeof(info));
	TRY(waitid(P_PID, a, &info, WEXITED | WNOHANG));
	printf("%d %d\n", info.si_pid, info.si_signo);
	kill(a, SIGCONT);
	show("end", a, 0);
	printf("heard of it %d\n", children > 0);

	children = 0;
	act.sa_flags = SA_RESTART | SA_NOCLDSTOP;
	sigaction(SIGCHLD, &act, NULL);
	a = begin();
	if (!a)
		pause_for_ever();
	hear();
	kill(a, SIGSTOP);
	memset(&info, 0, sizeof(info));
	waitid(P_PID, a, &info, WSTOPPED | WNOWAIT);
	printf("%d %d %d %d\n", info.si_pid == a, info.si_signo == SIGCHLD,
	       info.si_code == CLD_STOPPED, info.si_status == SIGSTOP);
	waitid(P_PGID, getpgrp(), &info, WSTOPPED);
	printf("%d\n", info.si_code == CLD_STOPPED);
	kill(a, SIGCONT);
	waitid(P_PID, a, &info, WCONTINUED);
	printf("%d %d\n", info.si_code == CLD_CONTINUED, info.si_status == SIGCONT);
	printf("heard of %d\n", children);
	kill(a, SIGSTOP);
	kill(a, SIGKILL);
	show("killed", a, 0);
	printf("heard of %d\n", children);

	signal(SIGCHLD, SIG_IGN);
	a = begin();
	if (!a)
		_exit(3);
	show("ignored", a, 0);
	return 0;
}

/* Whose parent ends while they are stopped get SIGHUP and SIGCONT. */
static int orphans(void)
{
	int out[2];
	char text[100];
	ssize_t n;
	pid_t a;

	pipe(out);
	a = begin();
	if (!a) {
		pid_t b;

		setsid();
		b = begin();
		if (!b) {
			sigset_t set;
			int got;

			setpgid(0, 0);
			sigemptyset(&set);
			sigaddset(&set, SIGHUP);
			sigprocmask(SIG_BLOCK, &set, NULL);
			tell();
			raise(SIGSTOP);
			sigwait(&set, &got);
			write(out[1], got == SIGHUP ? "hangup\n" : "?\n", 7);
			kill(getpid(), SIGTSTP); /* stops no more */
			write(out[1], "goes on\n", 8);
			_exit(0);
		}
		hear();
		show("stopped", b, WUNTRACED);
		_exit(5);
	}
	show("leader", a, 0);
	close(out[1]);
	while ((n = read(out[0], text, sizeof(text))) > 0)
		printf("%.*s", (int)n, text);
	return 0;
}

/* A session on a new terminal: its program is run by `fn`, what it says is shown. */
static int in_terminal(void (*fn)(void), void (*sit)(int m, pid_t pid))
{
	char text[512];
	ssize_t n;
	int m;
	pid_t pid;

	fflush(stdout);
	pid = forkpty(&m, NULL, NULL, NULL);
	if (pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (!pid) {
		setvbuf(stdout, NULL, _IONBF, 0);
		fn();
		exit(0);
	}
	if (sit)
		sit(m, pid);
	while ((n = read(m, text, sizeof(text))) > 0) {
		fwrite(text, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	printf("end: %s\n", n ? strerror(errno) : "");
	show("session", pid, 0);
	close(m);
	return 0;
}

static void terminal_in(void)
{
	int fds[2];
	pid_t a, me = getpid();

	TRY(tcgetpgrp(0) == me);
	TRY(tcgetsid(0) == me);
	TRY(getsid(0) == me);
	TRY(ioctl(0, TIOCSCTTY, 0));
	TRY(tcsetpgrp(0, 99999999));
	TRY(tcsetpgrp(0, -5));
	a = begin();
	if (!a) {
		setpgid(0, 0);
		tell();
		for (;;)
			pause();
	}
	hear();
	TRY(tcsetpgrp(0, a));
	TRY(tcgetpgrp(0) == a);
	signal(SIGTTOU, SIG_IGN);
	TRY(tcsetpgrp(0, me));
	TRY(tcgetpgrp(0) == me);
	kill(a, SIGKILL);
	show("child", a, 0);
	TRY(tcsetpgrp(0, a));
	a = begin();
	if (!a) {
		TRY(ioctl(0, TIOCSCTTY, 0));
		TRY(setsid() == getpid());
		TRY(tcgetpgrp(0));
		TRY(tcgetsid(0));
		TRY(tcsetpgrp(0, getpid()));
		TRY(open("/dev/tty", O_RDWR));
		TRY(ioctl(0, TIOCSCTTY, 0));
		TRY(ioctl(0, TIOCNOTTY, 0));
		_exit(0);
	}
	show("other", a, 0);
	pipe(fds);
	TRY(tcgetpgrp(fds[0]));
	TRY(tcsetpgrp(fds[0], me));
	TRY(tcgetpgrp(99));
}

static void until(int m, const char *word)
{
	char text[4096];
	size_t n = 0;

	while (n < sizeof(text) - 1) {
		ssize_t r = read(m, text + n, 1);

		if (r <= 0)
			break;
		fwrite(text + n, 1, 1, stdout);
		text[n += (size_t)r] = 0;
		if (strstr(text, word))
			break;
	}
}

/* What a shell does: a job in front, which keys end, stop and continue. */
static void job(int number)
{
	pid_t a = begin();

	if (!a) {
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		printf("job %d\n", number);
		for (;;)
			pause();
	}
	setpgid(a, a);
	hear(); /* the key has been seen, too: nothing of what is said here is lost by it */
	show("job", a, WUNTRACED);
	tcsetpgrp(0, getpgrp());
	if (number == 3) {
		kill(-a, SIGCONT);
		show("go", a, WCONTINUED);
		kill(-a, SIGTERM);
		show("job", a, WUNTRACED);
	}
}

static void keys_in(void)
{
	signal(SIGTTOU, SIG_IGN);
	job(1);
	job(2);
	job(3);
}

static void press(int m, const char *prompt, const char *key, const char *echo)
{
	until(m, prompt);
	write(m, key, 1);
	until(m, echo);
	tell();
}

static void keys_sit(int m, pid_t pid)
{
	(void)pid;
	press(m, "job 1\r\n", "\003", "^C");
	press(m, "job 2\r\n", "\034", "^\\");
	press(m, "job 3\r\n", "\032", "^Z");
}

static int keys(void)
{
	return in_terminal(keys_in, keys_sit);
}

static void background_in(void)
{
	struct termios t;
	pid_t a;

	signal(SIGTTOU, SIG_IGN);
	tcgetattr(0, &t);
	a = begin();
	if (!a) {
		char c = '?';
		ssize_t n;

		setpgid(0, 0);
		signal(SIGTTOU, SIG_DFL);
		n = read(0, &c, 1);
		printf("read %zd %c\n", n, c);
		read(0, &c, 1);
		raise(SIGSTOP);
		printf("free\n");
		t.c_lflag |= TOSTOP;
		tcsetattr(0, TCSANOW, &t);
		printf("in front\n");
		raise(SIGSTOP);
		printf("now\n");
		signal(SIGTTIN, SIG_IGN);
		signal(SIGTTOU, SIG_IGN);
		raise(SIGSTOP);
		TRY(tcgetpgrp(0) == getpgrp());
		TRY(read(0, &c, 1));
		TRY(tcflush(0, TCIFLUSH));
		_exit(7);
	}
	setpgid(a, a);
	show("read", a, WUNTRACED);
	kill(-a, SIGCONT);
	show("again", a, WUNTRACED);
	tcsetpgrp(0, a);
	kill(-a, SIGCONT);
	write(1, "type\n", 5);
	show("has read", a, WUNTRACED);
	tcsetpgrp(0, getpgrp());
	kill(-a, SIGCONT);
	show("attr", a, WUNTRACED);
	tcsetpgrp(0, a);
	kill(-a, SIGCONT);
	show("itself", a, WUNTRACED);
	tcsetpgrp(0, getpgrp());
	kill(-a, SIGCONT);
	show("write", a, WUNTRACED);
	tcsetpgrp(0, a);
	kill(-a, SIGCONT);
	show("itself", a, WUNTRACED);
	tcsetpgrp(0, getpgrp());
	kill(-a, SIGCONT);
	show("end", a, 0);
}

static void background_sit(int m, pid_t pid)
{
	(void)pid;
	until(m, "type\r\n");
	write(m, "x\n", 2);
}

static void hangup_in(void)
{
	pid_t a = begin();

	if (!a) {
		char c;

		setpgid(0, 0);
		signal(SIGHUP, SIG_IGN);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(0, getpid());
		tell();
		while (write(1, "", 1) == 1)
			usleep(1000);
		dup2(ready[1], 1);
		hear(); /* all of it has happened */
		setvbuf(stdout, NULL, _IONBF, 0);
		TRY(read(0, &c, 1));
		TRY(write(0, &c, 1));
		TRY(open("/dev/tty", O_RDWR));
		TRY(tcgetpgrp(0));
		_exit(0);
	}
	for (;;)
		pause();
}

static int hangup(void)
{
	char text[2000];
	int m, out[2];
	pid_t pid;
	ssize_t n;

	pipe(out);
	fflush(stdout);
	pid = forkpty(&m, NULL, NULL, NULL);
	if (!pid) {
		dup2(out[1], ready[1]);
		close(out[1]);
		close(out[0]);
		hangup_in();
	}
	close(out[1]);
	read(out[0], text, 1);
	close(m);
	show("leader", pid, 0);
	tell();
	while ((n = read(out[0], text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)n, stdout);
	return 0;
}

static void devtty_in(void)
{
	int fd = open("/dev/tty", O_RDWR), other;
	char line[20] = "";
	pid_t a;

	signal(SIGHUP, SIG_IGN);
	printf("%d\n", fd > 2);
	write(fd, "by /dev/tty\n", 12);
	TRY(isatty(fd));
	TRY(tcgetpgrp(fd) == getpid());
	puts("ready");
	read(fd, line, sizeof(line) - 1);
	printf("read %s", line);
	other = open(ttyname(0), O_RDWR);
	TRY(other > fd);
	TRY(ioctl(fd, TIOCNOTTY, 0));
	TRY(open("/dev/tty", O_RDWR));
	TRY(tcgetpgrp(fd));
	a = begin();
	if (!a) {
		TRY(open("/dev/tty", O_RDWR));
		_exit(0);
	}
	show("child", a, 0);
	other = open(ttyname(0), O_RDWR | O_NOCTTY);
	TRY(tcgetpgrp(0));
	other = open(ttyname(0), O_RDWR);
	TRY(tcgetpgrp(0) == getpid());
	close(other);
}

static void devtty_sit(int m, pid_t pid)
{
	(void)pid;
	until(m, "ready\r\n");
	write(m, "typed\n", 6);
}

static int devtty(void)
{
	return in_terminal(devtty_in, devtty_sit);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	pipe(ready);
	if (strcmp(what, "groups") == 0)
		return groups();
	if (strcmp(what, "stop") == 0)
		return stop();
	if (strcmp(what, "orphans") == 0)
		return orphans();
	if (strcmp(what, "terminal") == 0)
		return in_terminal(terminal_in, NULL);
	if (strcmp(what, "keys") == 0)
		return keys();
	if (strcmp(what, "background") == 0)
		return in_terminal(background_in, background_sit);
	if (strcmp(what, "hangup") == 0)
		return hangup();
	return devtty();
}
