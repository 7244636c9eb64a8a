/* exec.c - programs begin other ones: what they find, what is refused.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * ALSO: teller
 * CPUS: 1 2
 * RUN: arguments
 * RUN: errors
 * RUN: scripts
 * RUN: path
 * RUN: signals
 * RUN: files
 * RUN: identity
 * RUN: limits
 * RUN: threads
 * RUN: first
 * RUN: many
 * RUN: wait
 * RUN: busy
 * RUN: killed
 * RUN: vfork
 */
#include "child.h"
#include "try.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *none[] = {NULL}, *some[] = {"A=1", "B=two words", "", NULL};

static void show(const char *what)
{
	int status = -1;

	wait(&status);
	printf("%s: ", what);
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d\n", WTERMSIG(status));
	fflush(stdout);
}

#define CHILD(call)                                                                                \
	do {                                                                                       \
		if (!begin()) {                                                                    \
			call;                                                                      \
			printf("%s\n", strerror(errno));                                           \
			fflush(stdout);                                                            \
			_exit(1);                                                                  \
		}                                                                                  \
		show(#call);                                                                       \
	} while (0)

static int arguments(void)
{
	static char *many[20002], big[100000];
	char *few[] = {"teller", "", "a b", "\"", NULL}, *nothing[] = {NULL};
	int fd = open("bin/teller", O_RDONLY | O_CLOEXEC),
	    dir = open("bin", O_DIRECTORY | O_CLOEXEC);

	CHILD(execve("bin/teller", few, some));
	CHILD(execve("bin/teller", few, none));
	CHILD(execve("bin/teller", nothing, none));
	CHILD(execl("bin/teller", "teller", "x", "y", NULL));
	CHILD(execle("bin/teller", "teller", "x", NULL, some));
	CHILD(fexecve(fd, few, some));
	CHILD(execveat(dir, "teller", few, none, 0));
	CHILD(execveat(fd, "", few, none, AT_EMPTY_PATH));
	for (int i = 0; i < 20000; i++)
		many[i] = "0123456789";
	CHILD(execve("bin/teller", many, none));
	memset(big, 'x', sizeof(big) - 1);
	many[0] = "teller";
	many[1] = big;
	many[2] = NULL;
	CHILD(execve("bin/teller", many, none));
	CHILD(execve("bin/teller", few, many));
	return 0;
}

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	write(fd, text, strlen(text));
	fchmod(fd, mode);
	close(fd);
}

static int errors(void)
{
	char *few[] = {"teller", NULL}, *wrong[] = {(char *)8, NULL};
	static char big[200000], *many[30002];

	put("plain", "just text\n", 0755);
	put("empty", "", 0755);
	put("denied", "#!bin/teller\n", 0644);
	put("elf", "\177ELF", 0755);
	symlink("self", "self");
	symlink("bin/teller", "link");
	mkdir("directory", 0755);
	TRY(execve("nothing", few, none));
	TRY(execve("", few, none));
	TRY(execve("text/teller", few, none));
	TRY(execve("bin/teller/", few, none));
	TRY(execve("bin/teller/x", few, none));
	TRY(execve("denied", few, none));
	TRY(execve("directory", few, none));
	TRY(execve("/dev/null", few, none));
	TRY(execve("self", few, none));
	TRY(execve("plain", few, none));
	TRY(execve("empty", few, none));
	TRY(execve("elf", few, none));
	TRY(execve((char *)8, few, none));
	TRY(execve("bin/teller", (char **)8, none));
	TRY(execve("bin/teller", wrong, none));
	TRY(execve("bin/teller", few, wrong));
	memset(big, 'x', sizeof(big) - 1);
	TRY(execve(big, few, none));
	many[0] = big;
	many[1] = NULL;
	TRY(execve("bin/teller", many, none));
	TRY(execve("bin/teller", few, many));
	big[120000] = 0;
	for (int i = 0; i < 30; i++)
		many[i] = big;
	many[30] = NULL;
	TRY(execve("bin/teller", many, none));
	TRY(fexecve(-1, few, none));
	TRY(fexecve(open("bin/teller", O_RDONLY), NULL, none));
	TRY(fexecve(open("/", O_RDONLY), few, none));
	TRY(execveat(-1, "bin/teller", few, none, 0x10));
	TRY(execveat(AT_FDCWD, "link", few, none, AT_SYMLINK_NOFOLLOW));
	TRY(execveat(999, "bin/teller", few, none, 0));
	CHILD(execve("link", few, none));
	unlink("plain"), unlink("empty"), unlink("denied"), unlink("elf");
	unlink("self"), unlink("link"), rmdir("directory");
	return 0;
}

static int scripts(void)
{
	char *few[] = {"name", "one", "two", NULL}, long_line[400] = "#!bin/teller ";
	char long_name[603];

	put("s1", "#!bin/teller\n", 0755);
	put("s2", "#! bin/teller   an argument  \n", 0755);
	put("s3", "#!bin/teller", 0755);
	put("s4", "#!nothing\n", 0755);
	put("s5", "#!\n", 0755);
	put("s6", "#! \t \n", 0755);
	put("s7", "#!s2 more\n", 0755);
	put("s8", "#!s8\n", 0755);
	put("s9", "#!text\n", 0755);
	put("sa", "#!bin\n", 0755);
	memset(long_line + 13, 'l', 300);
	put("sb", long_line, 0755);
	put("sc", "#!bin/teller x\ty\n", 0755);
	put("sd", "#!bin/teller  ", 0755);
	put("se", "#!bin/teller -x ", 0755);
	memset(long_line + 13, ' ', 300);
	put("sf", long_line, 0755);
	for (int i = 0; i < 600; i++)
		long_name[i] = i % 2 ? '/' : '.';
	strcpy(long_name + 600, "s1");
	CHILD(execve("s1", few, some));
	CHILD(execve("./s1", few, none));
	CHILD(execve("s2", few, none));
	CHILD(execve("s3", few, none));
	CHILD(execve("s4", few, none));
	CHILD(execve("s5", few, none));
	CHILD(execve("s6", few, none));
	CHILD(execve("s7", few, none));
	CHILD(execve("s8", few, none));
	CHILD(execve("s9", few, none));
	CHILD(execve("sa", few, none));
	CHILD(execve("sb", few, none));
	CHILD(execve("sc", few, none));
	CHILD(execve("sd", few, none));
	CHILD(execve("se", few, none));
	CHILD(execve("sf", few, none));
	CHILD(execve(long_name, few, none));
	CHILD(execve("s1", none, none));
	CHILD(fexecve(open("s1", O_RDONLY), few, none));
	CHILD(fexecve(open("s1", O_RDONLY | O_CLOEXEC), few, none));
	for (char *n = (char[]){"123456789abcdef"}; *n; n++)
		unlink((char[]){'s', *n, 0});
	return 0;
}

static int path(void)
{
	char *few[] = {"teller", "x", NULL};

	mkdir("d1", 0755);
	mkdir("d2", 0755);
	put("d1/teller", "not executable\n", 0644);
	put("d2/odd", "neither program nor script\n", 0755);
	setenv("PATH", "nowhere:d1:bin", 1);
	CHILD(execvp("teller", few));
	CHILD(execlp("teller", "by name", "y", NULL));
	CHILD(execvpe("teller", few, none));
	CHILD(execvp("nothing", few));
	CHILD(execvp("", few));
	CHILD(execvp("bin/teller", few));
	CHILD(execvp("./teller", few));
	setenv("PATH", "d1:nowhere", 1);
	CHILD(execvp("teller", few));
	setenv("PATH", "text:bin", 1);
	CHILD(execvp("teller", few));
	chdir("bin");
	setenv("PATH", ":/nowhere", 1);
	CHILD(execvp("teller", few));
	setenv("PATH", "", 1);
	CHILD(execvp("teller", few));
	chdir("..");
	unlink("d1/teller"), unlink("d2/odd"), rmdir("d1"), rmdir("d2");
	return 0;
}

static void handler(int n)
{
	(void)n;
}

static void prepare(void)
{
	struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};
	struct itimerval v = {.it_value = {1000, 0}, .it_interval = {7, 0}};
	stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
	struct itimerspec s = {.it_value = {0, 1000000}};
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGHUP};
	sigset_t set, pending;
	timer_t t;

	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &a, NULL);
	sigaction(SIGCHLD, &a, NULL);
	sigaction(SIGRTMIN + 1, &a, NULL);
	a.sa_handler = SIG_IGN;
	sigaction(SIGUSR2, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGRTMIN + 1);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setitimer(ITIMER_REAL, &v, NULL);
	setitimer(ITIMER_VIRTUAL, &v, NULL);
	timer_create(CLOCK_MONOTONIC, NULL, &t); /* would end the new program */
	timer_settime(t, 0, &s, NULL);
	timer_create(CLOCK_MONOTONIC, &e, &t); /* what it says is not for that one, either */
	timer_settime(t, 0, &s, NULL);
	do
		sigpending(&pending);
	while (!sigismember(&pending, SIGHUP));
	kill(getpid(), SIGUSR1);
	raise(SIGTERM);
	raise(SIGRTMIN + 1);
}

static int signals(void)
{
	char *few[] = {"teller", "signals", NULL};

	if (!begin()) {
		signal(SIGALRM, handler);
		prepare();
		usleep(1);
		execve("bin/teller", few, none);
	}
	show("with signals");
	return 0;
}

static int files(void)
{
	char *few[] = {"teller", "files", NULL};
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (!begin()) {
		int fd = open("text", O_RDWR);

		lseek(fd, 2, SEEK_SET);
		dup3(fd, 5, O_CLOEXEC);
		dup2(fd, 6);
		fcntl(6, F_SETFD, FD_CLOEXEC);
		dup2(fd, 7);
		fcntl(fd, F_SETLK, &l);
		close(open("dir", O_RDONLY));
		umask(0137);
		chdir("dir");
		fcntl(fd, F_SETLK, &l);
		execve("../bin/teller", few, none);
	}
	show("with files");
	return 0;
}

static int identity(void)
{
	char text[4][20];

	for (int i = 0; i < 2; i++) {
		pid_t parent = getpid();

		if (!begin()) {
			if (i)
				setsid();
			snprintf(text[0], 20, "%d", getpid());
			snprintf(text[1], 20, "%d", parent);
			snprintf(text[2], 20, "%d", getpgrp());
			snprintf(text[3], 20, "%d", getsid(0));
			execl("bin/teller", "teller", "identity", text[0], text[1], text[2],
			      text[3], NULL);
		}
		show("who");
	}
	return 0;
}

static int limits(void)
{
	static const struct rlimit l[] = {
		{1000, 2000}, {30, 40}, {32 << 20, RLIM_INFINITY}, {30, 40}, {1, 10}};

	for (int i = 0; i < 2; i++) {
		if (!begin()) {
			setrlimit(RLIMIT_FSIZE, &l[0]);
			setrlimit(RLIMIT_NOFILE, &l[1]);
			setrlimit(RLIMIT_STACK, &l[2]);
			setrlimit(RLIMIT_CPU, &l[3 + i]);
			execl("bin/teller", "teller", "limits", i ? "run" : "end", NULL);
		}
		show("limits");
	}
	return 0;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *busy(void *how)
{
	char buf[4096];
	int fds[2];

	if (!how)
		for (;;)
			pause();
	if (how == (void *)1)
		for (;;)
			;
	if (how == (void *)2)
		pthread_mutex_lock(&mutex);
	pipe(fds);
	for (;;)
		read(fds[0], buf, 1);
}

static void *executes(void *unused)
{
	(void)unused;
	execl("bin/teller", "teller", "by a thread", NULL);
	return NULL;
}

static int threads(void)
{
	pthread_t t;

	for (int i = 0; i < 6; i++) {
		pid_t pid = begin();

		if (!pid) {
			pthread_mutex_lock(&mutex);
			for (long j = 0; j < 8; j++)
				pthread_create(&t, NULL, busy, (void *)(j % 4));
			usleep(1000);
			pthread_create(&t, NULL, executes, NULL);
			for (;;)
				pause();
		}
		show("threads");
	}
	for (int n = 1; n <= 32; n *= 2) {
		if (!begin()) { /* the oldest of many */
			for (int j = 0; j < n; j++)
				pthread_create(&t, NULL, busy, NULL);
			executes(NULL);
		}
		show("the first one");
	}
	return 0;
}

static int many(void)
{
	int status, right = 0;

	for (int i = 0; i < 3; i++)
		CHILD(execl("bin/teller", "bin/teller", "again", "15", NULL));
	for (int i = 0; i < 20; i++)
		if (!begin())
			execl("bin/teller", "bin/teller", "again", "3", NULL);
	for (int i = 0; i < 20; i++) {
		wait(&status);
		right += WIFEXITED(status) && WEXITSTATUS(status) == 42;
	}
	printf("%d\n", right);
	return 0;
}

static int waits(void)
{
	char *few[] = {"teller", "wait", NULL};

	if (!begin()) {
		if (!begin())
			_exit(9);
		execve("bin/teller", few, none);
	}
	show("waited");
	return 0;
}

static int is_busy(void)
{
	int fd = open("copy", O_CREAT | O_RDWR | O_TRUNC, 0755),
	    from = open("bin/teller", O_RDONLY), fds[2], go[2];
	char buf[65536], *few[] = {"copy", "wait", NULL};
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		write(fd, buf, (size_t)n);
	TRY(execve("copy", few, none));
	close(fd);
	pipe2(fds, O_CLOEXEC);
	pipe2(go, O_CLOEXEC);
	if (!begin()) {
		if (!begin()) {
			close(fds[1]);
			close(go[1]);
			read(go[0], buf, 1);
			_exit(3);
		}
		execve("./copy", few, none);
		_exit(1);
	}
	close(fds[1]);
	read(fds[0], buf, 1);
	TRY(open("copy", O_RDWR));
	TRY(open("copy", O_WRONLY | O_TRUNC));
	TRY(truncate("copy", 0));
	TRY(open("copy", O_RDONLY) > 0);
	close(go[1]);
	show("a copy");
	TRY(open("copy", O_RDWR) > 0);
	unlink("copy");
	return 0;
}

/* Who is killed in the middle leaves nothing behind: the file can be written again. */
static int killed(void)
{
	static char word[100000];
	char *many[60];
	struct timespec t = {0, 0};
	int n = 0;

	memset(word, 'w', sizeof(word) - 1);
	for (int i = 0; i < 59; i++)
		many[i] = word;
	many[59] = NULL;
	for (int i = 0; i < 100; i++) {
		pid_t pid = begin();

		if (!pid)
			for (;;)
				execve("bin/teller", many, none); /* too much, found out late */
		t.tv_nsec = i * 100000;
		nanosleep(&t, NULL);
		kill(pid, SIGKILL);
		n += waitpid(pid, NULL, 0) == pid;
	}
	printf("%d\n", n);
	TRY(open("bin/teller", O_RDWR) > 0);
	return 0;
}

static int vforked(void)
{
	int variable = 1;
	pid_t pid;

	fflush(stdout);
	pid = vfork();
	if (!pid) {
		execl("bin/teller", "teller", "vforked", NULL);
		_exit(1);
	}
	show("vfork");
	pid = vfork();
	if (!pid) {
		execl("nothing", "teller", "vforked", NULL);
		_exit(8);
	}
	show("vfork");
	printf("%d\n", variable);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	if (strcmp(what, "arguments") == 0)
		return arguments();
	if (strcmp(what, "errors") == 0)
		return errors();
	if (strcmp(what, "scripts") == 0)
		return scripts();
	if (strcmp(what, "path") == 0)
		return path();
	if (strcmp(what, "signals") == 0)
		return signals();
	if (strcmp(what, "files") == 0)
		return files();
	if (strcmp(what, "identity") == 0)
		return identity();
	if (strcmp(what, "limits") == 0)
		return limits();
	if (strcmp(what, "threads") == 0)
		return threads();
	if (strcmp(what, "many") == 0)
		return many();
	if (strcmp(what, "wait") == 0)
		return waits();
	if (strcmp(what, "busy") == 0)
		return is_busy();
	if (strcmp(what, "killed") == 0)
		return killed();
	if (strcmp(what, "vfork") == 0)
		return vforked();
	execl("bin/teller", "teller", "the first one", NULL);
	return 1;
}
