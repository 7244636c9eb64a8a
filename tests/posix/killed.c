/* killed.c - processes are killed wherever they are; the others go on, and nothing is lost.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 1 2
 * RUN: pipes
 * RUN: files
 * RUN: memory
 * RUN: forks
 * RUN: locks
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 16 /* if no second argument says otherwise */
static int shared_pipe[2], lock_fd;
static unsigned int seed = 12345;
static int rounds = ROUNDS;

static unsigned int chance(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static void pipes(void)
{
	char buf[3000];
	int own[2], pair[2];

	pipe(own);
	for (;;) {
		write(own[1], buf, sizeof(buf));
		read(own[0], buf, sizeof(buf));
		write(shared_pipe[1], buf, 100);
		read(shared_pipe[0], buf, 100);
		socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
		write(pair[0], buf, 500);
		read(pair[1], buf, 500);
		close(pair[0]);
		close(pair[1]);
	}
}

static void files(void)
{
	char name[64], buf[10000];

	memset(buf, 'x', sizeof(buf));
	for (int i = 0;; i++) {
		int fd;

		snprintf(name, sizeof(name), "killed-dir/f%d", i % 5);
		fd = open(name, O_RDWR | O_CREAT | O_APPEND, 0600);
		write(fd, buf, sizeof(buf));
		pread(fd, buf, sizeof(buf), 100);
		ftruncate(fd, 5000);
		dup2(fd, 50);
		close(fd);
		close(50);
		rename(name, "killed-dir/other");
		unlink("killed-dir/other");
		mkdir("killed-dir/d", 0700);
		rmdir("killed-dir/d");
	}
}

static void memory(void)
{
	for (;;) {
		char *p = mmap(NULL, 300000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);
		char *q = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			       0);
		char *m = malloc(200000);

		memset(p, 1, 300000);
		memset(q, 2, 65536);
		memset(m, 3, 200000);
		mprotect(p, 100000, PROT_READ);
		munmap(p + 8192, 4096);
		munmap(p, 300000);
		munmap(q, 65536);
		free(m);
	}
}

static void forks(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void locks(void)
{
	struct flock l = {.l_whence = SEEK_SET};

	for (;;) {
		l.l_type = F_WRLCK;
		fcntl(lock_fd, F_SETLKW, &l);
		l.l_type = F_UNLCK;
		fcntl(lock_fd, F_SETLK, &l);
		flock(lock_fd, LOCK_SH);
		flock(lock_fd, LOCK_UN);
	}
}

static void *busy(void *unused)
{
	for (;;)
		free(malloc(5000));
	return unused;
}

static void threads(void)
{
	pthread_t t;

	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, busy, NULL);
	pipes();
}

static void (*const work[])(void) = {pipes, files, memory, forks, locks, threads};

static unsigned long room(void)
{
	struct statvfs s;

	statvfs("/", &s);
	return s.f_bavail;
}

static unsigned long files_there(void)
{
	struct statvfs s;

	statvfs("/", &s);
	return s.f_files - s.f_ffree;
}

static void clean(void)
{
	char name[64];

	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "killed-dir/f%d", i);
		unlink(name);
	}
	unlink("killed-dir/other");
	rmdir("killed-dir/d");
}

static void spin(void)
{
	for (volatile unsigned int n = chance(60000); n; n--)
		;
}

/* Two at a time, killed one after the other. */
static int killed(int which)
{
	int ended = 0, status;

	for (int i = 0; i < rounds; i++) {
		pid_t pid[2];

		for (int k = 0; k < 2; k++) {
			pid[k] = fork();
			if (!pid[k]) {
				work[which < 0 ? (i + k) % 6 : which]();
				_exit(0);
			}
		}
		usleep(chance(3000));
		spin();
		for (int k = 0; k < 2; k++) {
			kill(pid[k], SIGKILL);
			ended += waitpid(pid[k], &status, 0) == pid[k] && WIFSIGNALED(status) &&
				 WTERMSIG(status) == SIGKILL;
		}
	}
	while (wait(NULL) > 0)
		;
	return ended;
}

/* All that they did can still be done. */
static int works(void)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char c = 'w', buf[70000];
	int good = 0, fd;

	fcntl(shared_pipe[0], F_SETFL, O_NONBLOCK);
	while (read(shared_pipe[0], buf, sizeof(buf)) > 0)
		;
	good += write(shared_pipe[1], &c, 1) == 1 && read(shared_pipe[0], &c, 1) == 1;
	fcntl(shared_pipe[0], F_SETFL, 0);
	good += fcntl(lock_fd, F_SETLK, &l) == 0;
	l.l_type = F_UNLCK;
	good += fcntl(lock_fd, F_SETLK, &l) == 0;
	good += flock(lock_fd, LOCK_EX | LOCK_NB) == 0 && flock(lock_fd, LOCK_UN) == 0;
	fd = open("killed-dir/f1", O_RDWR | O_CREAT, 0600);
	good += write(fd, buf, 5000) == 5000;
	good += close(fd) == 0;
	fd = dup(0);
	good += fd < 10;
	close(fd);
	return good;
}

int main(int argc, char **argv)
{
	static const char *const name[] = {"pipes", "files", "memory", "forks", "locks", "threads"};
	unsigned long before, after, nodes, nodes_after;
	int which = -1;

	for (int i = 0; argc > 1 && i < 6; i++)
		if (!strcmp(argv[1], name[i]))
			which = i;
	if (argc > 2)
		rounds = atoi(argv[2]);
	alarm(100 + (unsigned int)rounds);
	mkdir("killed-dir", 0700);
	pipe(shared_pipe);
	lock_fd = open("killed-lock", O_RDWR | O_CREAT, 0600);
	printf("%d of %d\n", killed(which), 2 * rounds);
	printf("works: %d\n", works());
	clean();
	usleep(20000);
	before = room();
	nodes = files_there();
	printf("%d of %d\n", killed(which), 2 * rounds);
	printf("works: %d\n", works());
	clean();
	for (int i = 0; i < 5000 && (room() + 8 < before || files_there() > nodes); i++)
		usleep(10000); /* children of theirs may be on their way */
	after = room();
	nodes_after = files_there();
#ifdef __linux__
	after = before;
	nodes_after = nodes;
#endif
	printf("lost: %d, files %ld\n", after + 8 < before,
	       nodes_after > nodes ? (long)(nodes_after - nodes) : 0l);
	unlink("killed-lock");
	rmdir("killed-dir");
	return 0;
}
