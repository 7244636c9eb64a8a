/* proc.c - what /proc says, as far as it is the same everywhere; prctl().
 * SPDX-License-Identifier: BSD-2-Clause
 * RUN: self
 * RUN: others
 * RUN: machine
 * RUN: control
 */
#include "try.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[65536];

static ssize_t load(const char *name)
{
	int fd = open(name, O_RDONLY);
	ssize_t n = 0, r;

	if (fd < 0)
		return -1;
	while ((r = read(fd, text + n, 1000)) > 0)
		n += r;
	close(fd);
	text[n] = 0;
	return r < 0 ? -1 : n;
}

static long field(const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

/* The n-th word of stat, from the state on. */
static long word(int n)
{
	char *at = strrchr(text, ')') + 2;

	while (n-- && at)
		at = strchr(at + 1, ' ');
	return at ? strtol(at, NULL, 10) : -1;
}

static int self(void)
{
	char path[4096], here[4096];
	unsigned long low = 0, high = 0, inside = 0;
	ssize_t n = load("/proc/self/cmdline");
	struct stat a, b;

	printf("cmdline ends with zero %d, %s\n", n > 0 && !text[n - 1], text + strlen(text) + 1);
	n = load("/proc/self/environ");
	printf("environ %d\n", memmem(text, (size_t)n, "GREETING=hello", 15) != NULL);
	load("/proc/self/status");
	printf("status %d %d %ld\n", field("\nPid:") == getpid(), field("\nPPid:") == getppid(),
	       field("\nThreads:"));
	load("/proc/self/stat");
	printf("stat %d %d %d %d\n", atoi(text) == getpid(), word(1) == getppid(),
	       word(2) == getpgrp(), word(3) == getsid(0));
	printf("running %d\n", strrchr(text, ')')[2] == 'R');
	load("/proc/self/maps");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%lx-%lx", &low, &high) == 2)
			inside += (unsigned long)text >= low && (unsigned long)text < high;
	printf("maps %d\n", high != 0);
	n = readlink("/proc/self/cwd", path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = 0;
	printf("cwd %d\n", strcmp(path, getcwd(here, sizeof(here))) == 0);
	TRY(readlink("/proc/self/root", path, sizeof(path)));
	TRY(stat("/proc/self/cwd", &a));
	TRY(stat(".", &b));
	printf("the same %d\n", a.st_ino == b.st_ino);
	TRY(open("/proc/self/cwd/text", O_RDONLY) > 0);
	TRY(open("/proc/self/nothing", O_RDONLY));
	TRY(open("/proc/self/stat", O_RDWR | O_CREAT, 0600) > 0 ? 0 : -1);
	TRY(mkdir("/proc/self/x", 0700) < 0);
	TRY(stat("/proc/self/stat", &a));
	printf("%ld %d\n", (long)a.st_size, S_ISREG(a.st_mode));
	return 0;
}

static int listed(pid_t pid)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int found = 0;

	while ((e = readdir(d)))
		found += atoi(e->d_name) == pid;
	closedir(d);
	return found;
}

static int others(void)
{
	char name[64];
	pid_t pid = fork();
	int fd, s;

	if (!pid) {
		prctl(PR_SET_NAME, "a child");
		for (;;)
			pause();
	}
	snprintf(name, sizeof(name), "/proc/%d/stat", pid);
	do
		load(name);
	while (!strstr(text, "a child") || !strstr(text, ") S"));
	printf("%d %s %c %d\n", atoi(text) == pid, strtok(strchr(text, '('), ")"),
	       text[0] ? 'S' : '?', listed(pid));
	kill(pid, SIGSTOP);
	waitpid(pid, &s, WUNTRACED);
	load(name);
	printf("stopped %c\n", strrchr(text, ')')[2]);
	fd = open(name, O_RDONLY);
	kill(pid, SIGKILL);
	waitid(P_PID, pid, NULL, WEXITED | WNOWAIT);
	load(name);
	printf("zombie %c\n", strrchr(text, ')')[2]);
	snprintf(name, sizeof(name), "/proc/%d/cmdline", pid);
	TRY(load(name));
	wait(NULL);
	TRY(read(fd, text, 10));
	TRY(load(name));
	TRY(listed(pid));
	return 0;
}

static int machine(void)
{
	double up = 0, idle = 0;

	load("/proc/meminfo");
	printf("%d %d\n", field("MemTotal:") > 1000, field("MemFree:") <= field("MemTotal:"));
	load("/proc/uptime");
	printf("%d %d\n", sscanf(text, "%lf %lf", &up, &idle), up > 0);
	load("/proc/loadavg");
	printf("%d\n", sscanf(text, "%lf %lf", &up, &idle));
	load("/proc/stat");
	printf("%d %d\n", strncmp(text, "cpu ", 4), field("\nbtime") > 1000000);
	load("/proc/cpuinfo");
	printf("%d\n", strstr(text, "processor\t: 0") != NULL);
	return 0;
}

static int control(void)
{
	char name[17] = "";
	int number = -1, fds[2];

	TRY(prctl(PR_SET_NAME, "a name that is far too long"));
	TRY(prctl(PR_GET_NAME, name));
	puts(name);
	load("/proc/self/comm");
	printf("%s", text);
	TRY(prctl(PR_SET_PDEATHSIG, SIGUSR1));
	TRY(prctl(2, &number));
	printf("%d\n", number);
	TRY(prctl(PR_SET_PDEATHSIG, 1000));
	TRY(prctl(77777));
	pipe(fds);
	fflush(stdout);
	if (!fork()) {
		prctl(2, &number);
		printf("not inherited %d\n", number);
		fflush(stdout);
		if (!fork()) {
			sigset_t set;

			sigemptyset(&set);
			sigaddset(&set, SIGUSR2);
			sigprocmask(SIG_BLOCK, &set, NULL);
			prctl(PR_SET_PDEATHSIG, SIGUSR2);
			write(fds[1], "", 1);
			sigwait(&set, &number);
			printf("parent ended %d\n", number == SIGUSR2);
			fflush(stdout);
			_exit(0);
		}
		close(fds[1]);
		read(fds[0], name, 1);
		_exit(0);
	}
	close(fds[1]);
	wait(NULL);
	while (read(fds[0], name, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	if (strcmp(what, "self") == 0)
		return self();
	if (strcmp(what, "others") == 0)
		return others();
	if (strcmp(what, "machine") == 0)
		return machine();
	return control();
}
