/* fork.c - processes: what a child has of its parent, and what not.
 * SPDX-License-Identifier: BSD-2-Clause
 * RUN: memory
 * RUN: files
 * RUN: status
 * RUN: nested
 * RUN: chain
 * RUN: many
 * RUN: orphan
 * RUN: pipe
 * RUN: stdio
 * RUN: vfork
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

static int number = 1, zeros[5000];
static __thread int own = 2;

static void say(const char *text)
{
	write(1, text, strlen(text));
}

/* How a child ended, in one line. */
static void show(const char *what, pid_t pid)
{
	int status = -1;
	pid_t r = waitpid(pid, &status, 0);

	printf("%-8s waited for it %d, ", what, r == pid);
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
	else
		printf("status %x\n", status);
	fflush(stdout);
}

/* Every kind of memory: what the child writes is its own, but for what is shared. */
static int memory(void)
{
	char *heap = malloc(100000), local[8192];
	char *private = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *shared = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *none = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("fork-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *file, *copy;
	pid_t pid;

	ftruncate(fd, 8192);
	file = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	copy = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	heap[0] = heap[99999] = local[0] = local[8191] = private[5000] = shared[1] = 'p';
	copy[1] = file[4096] = none[7] = 'p';
	mprotect(none, 4096, PROT_NONE);
	own = 3;
	pid = begin();
	if (!pid) {
		number = 10;
		zeros[4999] = 11;
		own = 12;
		heap[0] = local[0] = private[5000] = shared[1] = copy[1] = file[4096] = 'c';
		private[60000] = shared[60000] = copy[5000] = file[1] = 'd';
		mprotect(none, 4096, PROT_READ);
		printf("child: %d %d %d %c %c %c %c %c %c %c %c\n", number, zeros[4999], own,
		       heap[0], heap[99999], local[0], local[8191], private[5000], shared[1],
		       copy[1], none[7]);
		fflush(stdout);
		_exit(0);
	}
	show("memory", pid);
	printf("parent: %d %d %d %c %c %c %c %c %c\n", number, zeros[4999], own, heap[0],
	       heap[99999], local[0], local[8191], private[5000], copy[1]);
	printf("shared: %c %c %c %c, not: %d %d\n", shared[1], shared[60000], file[4096], file[1],
	       private[60000], copy[5000]);
	private[60000] = heap[1] = local[1] = 'q';
	number++;
	printf("%c %c %c %d\n", private[60000], heap[1], local[1], number);
	unlink("fork-file");
	return 0;
}

/* One offset and one set of flags for both; descriptors of their own. */
static int files(void)
{
	int fd = open("fork-offset", O_RDWR | O_CREAT | O_TRUNC, 0600), other, flags;
	char text[32] = {0};
	struct stat st;
	mode_t mask;
	pid_t pid;

	unlink("fork-offset");
	write(fd, "0123456789", 10);
	lseek(fd, 2, SEEK_SET);
	umask(027);
	chdir("/tmp");
	pid = begin();
	if (!pid) {
		read(fd, text, 3);
		printf("child read %s\n", text);
		other = dup(fd);
		fcntl(fd, F_SETFL, O_APPEND);
		close(fd);
		mask = umask(0);
		printf("child: umask %o, %s\n", mask, getcwd(text, sizeof(text)));
		chdir("/");
		fflush(stdout);
		_exit(other == fd + 1 ? 0 : 1);
	}
	show("files", pid);
	read(fd, text, 2);
	text[2] = 0;
	flags = fcntl(fd, F_GETFL);
	printf("parent read %s, append %d\n", text, !!(flags & O_APPEND));
	mask = umask(0);
	printf("umask %o, %s\n", mask, getcwd(text, sizeof(text)));
	errno = 0;
	printf("the other is closed here: %d\n", fstat(fd + 1, &st) < 0 && errno == EBADF);
	return 0;
}

static int status(void)
{
	static const int codes[] = {0, 1, 127, 255, 256, -1};
	siginfo_t info;
	pid_t pid;
	int s, r;

	for (int i = 0; i < 6; i++) {
		pid = begin();
		if (!pid)
			_exit(codes[i]);
		show("exit", pid);
	}
	pid = begin();
	if (!pid)
		exit(5);
	show("exit()", pid);
	pid = begin();
	if (!pid)
		*(volatile int *)(size_t)zeros[0] = 1;
	show("null", pid);
	pid = begin();
	if (!pid)
		abort();
	show("abort", pid);
	pid = begin();
	if (!pid)
		raise(SIGKILL);
	show("kill", pid);
	pid = begin();
	if (!pid)
		raise(SIGTERM);
	show("term", pid);
	pid = begin();
	if (!pid)
		_exit(number / zeros[1]);
	show("divide", pid);

	errno = 0;
	r = wait(&s);
	printf("nobody: %d %s\n", r, strerror(errno));
	r = waitpid(99999999, &s, WNOHANG);
	printf("no such: %d %s\n", r, strerror(errno));
	r = waitpid(-1, &s, 0x40);
	printf("no such option: %d %s\n", r, strerror(errno));

	pid = begin();
	if (!pid)
		_exit(42);
	memset(&info, 0, sizeof(info));
	r = waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	printf("waitid %d: %d %d %d %d\n", r, info.si_pid == pid, info.si_code == CLD_EXITED,
	       info.si_status, info.si_signo == SIGCHLD);
	show("again", pid);
	pid = begin();
	if (!pid)
		abort();
	r = waitid(P_ALL, 0, &info, WEXITED);
	printf("waitid %d: %d %d %d\n", r, info.si_pid == pid,
	       info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED, info.si_status);
	printf("waitid: %d %s\n", waitid(P_ALL, 0, &info, 0), strerror(errno));
	return 0;
}

static int nested(void)
{
	pid_t pid = begin(), me = getpid();

	if (!pid) {
		pid_t inner = begin();

		if (!inner) {
			number++;
			_exit(getppid() == me ? 2 : 3);
		}
		show("inner", inner);
		_exit(number);
	}
	show("outer", pid);
	printf("number %d\n", number);
	return 0;
}

/* Each makes the next. */
static int chain(void)
{
	int s = 0, deep = 40;

	fflush(stdout);
	for (int i = 0; i < deep; i++) {
		pid_t pid = fork();

		if (pid < 0)
			_exit(200);
		if (pid) {
			waitpid(pid, &s, 0);
			if (i == 0)
				break;
			_exit(WEXITSTATUS(s) + 1);
		}
		if (i == deep - 1)
			_exit(0);
	}
	printf("chain of %d\n", WEXITSTATUS(s) + 1);
	return 0;
}

static unsigned long room(void)
{
	struct statvfs s;

	statvfs("/", &s);
	return s.f_bavail;
}

/* As many at a time, and all of them as far, whoever gets the CPU when: tables that grew to their
 * number stay so. */
static void crowd(pid_t *pid, int n)
{
	int gate[2], there[2];
	char c;

	pipe(gate);
	pipe(there);
	for (int i = 0; i < n; i++) {
		pid[i] = begin();
		if (!pid[i]) {
			close(gate[1]);
			write(there[1], "", 1);
			read(gate[0], &c, 1);
			_exit(i);
		}
	}
	for (int i = 0; i < n; i++)
		read(there[0], &c, 1);
	close(there[0]);
	close(there[1]);
	close(gate[0]);
	close(gate[1]);
}

/* Many at a time, and one after the other; nothing is lost. */
static int many(void)
{
	int sum = 0, s, live = 0;
	unsigned long before, after;
	pid_t pid[60];

	for (int round = 0; round < 2; round++) {
		before = room();
		crowd(pid, 60);
		for (int i = 59; i >= 0; i--)
			if (waitpid(pid[i], &s, 0) == pid[i] && WIFEXITED(s) && WEXITSTATUS(s) == i)
				live++;
		for (int i = 0; i < 200; i++) {
			if (!(pid[0] = begin()))
				_exit(i & 127);
			wait(&s);
			sum += WEXITSTATUS(s);
		}
		after = room();
	}
	printf("%d %d\n", live, sum);
#ifdef __linux__
	after = before;
#endif
	printf("lost %ld\n", (long)(before - after));
	return 0;
}

/* Whose parent ends first goes on. */
static int orphan(void)
{
	int fd[2], s;
	char c = 0;
	pid_t pid;

	pipe(fd);
	pid = begin();
	if (!pid) {
		pid_t me = getpid(), other = begin();

		if (!other) {
			while (getppid() == me)
				usleep(1000);
			c = 'o';
			write(fd[1], &c, 1);
			_exit(9);
		}
		_exit(other > 0 ? 0 : 1);
	}
	show("parent", pid);
	close(fd[1]);
	printf("the orphan wrote %zd %c\n", read(fd[0], &c, 1), c);
	printf("end %zd\n", read(fd[0], &c, 1));
	errno = 0;
	s = wait(NULL);
	printf("it is not ours: %d %s\n", s, strerror(errno));
	return 0;
}

static int pipes(void)
{
	int there[2], back[2], sum = 0;
	char big[20000], c;
	ssize_t n, all = 0;
	pid_t pid;

	pipe(there);
	pipe(back);
	pid = begin();
	if (!pid) {
		close(there[1]);
		close(back[0]);
		while (read(there[0], &c, 1) == 1) {
			c++;
			write(back[1], &c, 1);
		}
		memset(big, 'b', sizeof(big));
		for (int i = 0; i < 20; i++)
			write(back[1], big, sizeof(big));
		_exit(7);
	}
	close(there[0]);
	close(back[1]);
	for (int i = 0; i < 100; i++) {
		c = (char)i;
		write(there[1], &c, 1);
		read(back[0], &c, 1);
		sum += c;
	}
	close(there[1]);
	while ((n = read(back[0], big, sizeof(big))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			sum += big[i] == 'b';
		all += n;
	}
	printf("sum %d, %zd bytes\n", sum, all);
	show("pipe", pid);
	pid = begin();
	if (!pid) {
		signal(SIGPIPE, SIG_IGN);
		close(back[0]);
		pipe(back);
		close(back[0]);
		errno = 0;
		n = write(back[1], "x", 1);
		printf("nobody reads: %zd %s\n", n, strerror(errno));
		fflush(stdout);
		_exit(0);
	}
	show("broken", pid);
	return 0;
}

/* What is in a buffer is in both. */
static int stdio(void)
{
	pid_t pid;

	printf("once, ");
	pid = fork();
	if (!pid) {
		printf("in the child\n");
		exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("in the parent\n");
	return 0;
}

static int vforked(void)
{
	pid_t pid;

	fflush(stdout);
	pid = vfork();
	if (!pid) {
		say("child first\n");
		_exit(6);
	}
	say("then the parent\n");
	show("vfork", pid);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "memory") == 0)
		return memory();
	if (strcmp(what, "files") == 0)
		return files();
	if (strcmp(what, "status") == 0)
		return status();
	if (strcmp(what, "nested") == 0)
		return nested();
	if (strcmp(what, "chain") == 0)
		return chain();
	if (strcmp(what, "many") == 0)
		return many();
	if (strcmp(what, "orphan") == 0)
		return orphan();
	if (strcmp(what, "pipe") == 0)
		return pipes();
	if (strcmp(what, "stdio") == 0)
		return stdio();
	return vforked();
}
