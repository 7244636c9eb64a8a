/* user_rights.c - what users may do who are not root: files, directories, processes.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * NEEDS: root
 */
#define _GNU_SOURCE
#include "try.h"

#include <fcntl.h>
#include <grp.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANN  1001
#define BOB  1002
#define CREW 2001

/* A file or directory of that owner and mode. */
static void own(const char *path, mode_t mode, uid_t user, gid_t group)
{
	int fd = S_ISDIR(mode) ? mkdir(path, 0) : open(path, O_CREAT | O_WRONLY, 0);

	if (!S_ISDIR(mode)) {
		write(fd, "words", 5);
		close(fd);
	}
	if (chown(path, user, group) < 0 || chmod(path, mode & 07777) < 0)
		perror(path);
}

/* As another user, in another process. */
static void as(uid_t user, gid_t group, gid_t also, void (*f)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		setgroups(also ? 1 : 0, &also);
		if (setgid(group) < 0 || setuid(user) < 0)
			perror("user");
		printf("- user %d, group %d\n", (int)user, (int)group);
		f();
		fflush(stdout);
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (status)
		printf("status %x\n", status);
}

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static void show(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		printf("%s: %s\n", path, strerror(errno));
	else
		printf("%s: %o %d %d\n", path, (unsigned)st.st_mode, (int)st.st_uid,
		       (int)st.st_gid);
}

static void files(void)
{
	TRY(try_open("user", O_RDONLY));
	TRY(try_open("user", O_WRONLY));
	TRY(try_open("user", O_RDWR));
	TRY(try_open("user", O_RDONLY | O_TRUNC));
	TRY(try_open("user", O_PATH));
	TRY(try_open("user", 3));
	TRY(try_open("group", O_RDONLY));
	TRY(try_open("group", O_WRONLY));
	TRY(try_open("other", O_RDONLY));
	TRY(try_open("other", O_RDWR));
	TRY(try_open("other", O_CREAT | O_RDWR));
	TRY(try_open("other", O_CREAT | O_EXCL | O_RDWR));
	TRY(try_open("other", O_RDONLY | O_NOATIME));
	TRY(try_open("nothing", O_RDONLY));
	TRY(try_open("program", O_WRONLY));
	TRY(truncate("user", 3));
	TRY(truncate("group", 3));
	TRY(truncate("closed", 3));
	for (int mode = 0; mode <= 7; mode++)
		printf("access %d: %d %d %d %d %d\n", mode, access("user", mode),
		       access("group", mode), access("other", mode), access("program", mode),
		       access("closed", mode));
	TRY(faccessat(AT_FDCWD, "user", R_OK, AT_EACCESS));
	TRY(access("closed/below", F_OK));
	TRY(execl("user", "user", NULL));
	TRY(execl("closed/below", "below", NULL));
	TRY(try_open("/dev/null", O_RDWR));
	TRY(access("/proc/self/fd", R_OK | X_OK));
}

static void directories(void)
{
	TRY(try_open("closed", O_RDONLY));
	TRY(try_open("closed/below", O_RDONLY));
	TRY(try_open("closed/nothing", O_RDONLY));
	TRY(try_open("listed", O_RDONLY | O_DIRECTORY));
	TRY(try_open("listed/below", O_RDONLY));
	TRY(try_open("passed", O_RDONLY | O_DIRECTORY));
	TRY(try_open("passed/below", O_RDONLY));
	TRY(try_open("passed/nothing", O_RDONLY));
	TRY(try_open("passed/../other", O_RDONLY));
	TRY(try_open("listed/../other", O_RDONLY));
	TRY(try_open("closed/", O_PATH));
	TRY(chdir("closed"));
	TRY(chdir("listed"));
	TRY(chdir("passed"));
	TRY(chdir(".."));
	TRY(try_open("passed/new", O_CREAT | O_WRONLY));
	TRY(try_open("passed/below", O_CREAT | O_RDONLY));
	TRY(try_open("passed", O_TMPFILE | O_RDWR));
	TRY(try_open("all", O_TMPFILE | O_RDWR));
	TRY(mkdir("passed/new", 0777));
	TRY(mkdir("passed/below", 0777));
	TRY(mkdir("closed/below", 0777));
	TRY(symlink("x", "passed/new"));
	TRY(link("common/root", "passed/new"));
	TRY(mkfifo("passed/new", 0666));
	TRY(mknod("all/device", S_IFCHR | 0666, makedev(1, 3)));
	TRY(unlink("passed/below"));
	TRY(unlink("passed/nothing"));
	TRY(unlink("passed"));
	TRY(unlink("passed/"));
	TRY(unlink("."));
	TRY(unlink("passed/.."));
	TRY(rename("passed", "other"));
	TRY(rename("all/mine", "common/dir"));
	TRY(mknod("passed/device", S_IFCHR | 0666, makedev(1, 3)));
	TRY(mknod("all/open", S_IFCHR | 0666, makedev(1, 3)));
	TRY(rmdir("passed"));
	TRY(rmdir("passed/below"));
	TRY(rename("passed/below", "all/below"));
	TRY(rename("all/mine", "passed/mine"));
	TRY(rename("passed/below", "passed/below"));
	TRY(readlink("closed/below", (char[9]){0}, 9));
	struct stat st;
	TRY(stat("closed/below", &st));
	TRY(stat("listed/below", &st));
	TRY(stat("passed/below", &st));
}

static void making(void)
{
	umask(0);
	TRY(try_open("all/file", O_CREAT | O_EXCL | O_WRONLY));
	TRY(try_open("all/none", O_CREAT | O_EXCL | O_RDWR));
	TRY(chmod("all/none", 0));
	TRY(try_open("all/none", O_RDONLY));
	int fd = open("all/later", O_CREAT | O_RDWR, 0);
	TRY(write(fd, "x", 1));
	TRY(fchmod(fd, 06755));
	TRY(fchown(fd, BOB, -1));
	TRY(fchown(fd, -1, 0));
	TRY(fchown(fd, -1, CREW));
	TRY(fchown(fd, geteuid(), getegid()));
	TRY(fchown(fd, -1, -1));
	TRY(fchmod(fd, 02755));
	close(fd);
	TRY(mkdir("all/dir", 0755));
	TRY(try_open("all/dir/inner", O_CREAT | O_WRONLY));
	TRY(mkdir("team/dir", 0755));
	TRY(try_open("team/file", O_CREAT | O_WRONLY));
	TRY(symlink("x", "team/link"));
	close(open("team/runs", O_CREAT | O_WRONLY, 02755));
	close(open("team/free", O_CREAT | O_WRONLY, 02745));
	show("team/runs");
	show("team/free");
	TRY(unlink("team/runs"));
	TRY(unlink("team/free"));
	show("all/file");
	show("all/later");
	show("all/dir");
	show("team/dir");
	show("team/file");
	TRY(rename("all/dir", "team/moved"));
	TRY(rename("team/moved", "all/dir"));
	TRY(unlink("all/dir/inner"));
	TRY(rmdir("all/dir"));
	TRY(unlink("all/none"));
	TRY(unlink("all/file"));
	TRY(unlink("all/later"));
	TRY(rmdir("team/dir"));
	TRY(unlink("team/file"));
	TRY(unlink("team/link"));
}

static void sticky(void)
{
	TRY(unlink("common/root"));
	TRY(unlink("common/ann"));
	TRY(rename("common/root", "common/other"));
	TRY(rename("common/bob", "common/root"));
	TRY(rmdir("common/dir"));
	TRY(try_open("common/new", O_CREAT | O_WRONLY));
	TRY(rename("common/new", "common/newer"));
	TRY(unlink("common/newer"));
}

static void attributes(void)
{
	struct timespec times[2] = {{5, 6}, {7, 8}}, now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}},
			omit[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}},
			half[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};

	TRY(chmod("user", 0644));
	TRY(chmod("user", 0640));
	TRY(chmod("other", 0644));
	TRY(chown("user", BOB, -1));
	TRY(chown("other", -1, getegid()));
	TRY(lchown("other", -1, -1));
	TRY(chown("free", -1, -1));
	TRY(fcntl(open("other", O_RDONLY), F_SETFL, O_NOATIME));
	TRY(utimensat(AT_FDCWD, "user", times, 0));
	TRY(utimensat(AT_FDCWD, "group", times, 0));
	TRY(utimensat(AT_FDCWD, "group", NULL, 0));
	TRY(utimensat(AT_FDCWD, "group", now, 0));
	TRY(utimensat(AT_FDCWD, "group", half, 0));
	TRY(utimensat(AT_FDCWD, "other", now, 0));
	TRY(utimensat(AT_FDCWD, "other", times, 0));
	TRY(utimensat(AT_FDCWD, "other", omit, 0));
}

static void *nothing(void *arg)
{
	return arg;
}

static int begin_real_time(void)
{
	struct sched_param fifo = {.sched_priority = 1};
	pthread_attr_t a;
	pthread_t t;

	pthread_attr_init(&a);
	pthread_attr_setinheritsched(&a, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&a, SCHED_FIFO);
	pthread_attr_setschedparam(&a, &fifo);
	return pthread_create(&t, &a, nothing, NULL);
}

static void processes(void)
{
	struct sched_param fifo = {.sched_priority = 1}, none = {0};
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	TRY(kill(getppid(), 0));
	TRY(setpriority(PRIO_PROCESS, 0, 3));
	TRY(setpriority(PRIO_PROCESS, 0, 1));
	TRY(setpriority(PRIO_PROCESS, getppid(), 5));
	TRY(nice(-1));
	TRY(nice(1));
	TRY(setpriority(PRIO_USER, geteuid(), 6));
	TRY(getpriority(PRIO_USER, 0));
	TRY(getpriority(PRIO_USER, 54321));
	TRY(sched_setscheduler(0, SCHED_FIFO, &fifo));
	TRY(sched_setscheduler(0, SCHED_OTHER, &none));
	TRY(sched_setscheduler(getppid(), SCHED_OTHER, &none));
	TRY(sched_setaffinity(getppid(), sizeof(set), &set));
	TRY(sched_setaffinity(0, sizeof(set), &set));
	TRY(begin_real_time());
	TRY(setuid(0));
	TRY(setgroups(0, NULL));
}

static void sockets(void)
{
	static const char *const names[] = {"all/open", "all/shut", "closed/there"};
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	for (int i = 0; i < 3; i++) {
		int s = socket(AF_UNIX, SOCK_STREAM, 0);

		strcpy(a.sun_path, names[i]);
		TRY(connect(s, (struct sockaddr *)&a, sizeof(a)));
		close(s);
	}
	strcpy(a.sun_path, "passed/mine");
	TRY(bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof(a)));
}

static void listen_at(const char *path, mode_t mode)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(a.sun_path, path);
	bind(s, (struct sockaddr *)&a, sizeof(a));
	listen(s, 5);
	chmod(path, mode);
}

static void shared(void)
{
	TRY(shm_open("/rights_of_root", O_RDONLY, 0) >= 0);
	TRY(shm_open("/rights_of_root", O_RDWR, 0) >= 0);
	TRY(shm_unlink("/rights_of_root"));
	TRY(sem_open("/rights_of_root", 0) != SEM_FAILED);
	TRY(sem_unlink("/rights_of_root"));
	TRY(mq_open("/rights_of_root", O_RDONLY) >= 0);
	TRY(mq_unlink("/rights_of_root"));
	mqd_t q = mq_open("/rights_of_all", O_CREAT | O_RDWR, 0400, NULL);
	TRY(mq_send(q, "x", 1, 0));
	mq_close(q);
	TRY(mq_open("/rights_of_all", O_CREAT | O_RDONLY, 0400, NULL) >= 0);
	TRY(mq_unlink("/rights_of_all"));
}

/* Changed by somebody else, a file runs as nobody but who runs it. */
static void changing(void)
{
	static const char *const names[] = {"free", "free2", "free3"};

	for (int i = 0; i < 3; i++) {
		int fd = open(names[i], O_RDWR);

		if (i == 0)
			TRY(write(fd, "x", 1));
		else if (i == 1)
			TRY(ftruncate(fd, 3));
		else
			TRY(pread(fd, (char[3]){0}, 3, 0));
		close(fd);
		show(names[i]);
	}
}

/* Executed: who it is now. */
static void who(void)
{
	uid_t u[3];
	gid_t g[3];

	getresuid(&u[0], &u[1], &u[2]);
	getresgid(&g[0], &g[1], &g[2]);
	printf("users %d %d %d groups %d %d %d\n", (int)u[0], (int)u[1], (int)u[2], (int)g[0],
	       (int)g[1], (int)g[2]);
	printf("%s %s\n", getenv("WORD"), secure_getenv("WORD"));
	printf("%d %d\n", access("closed/below", F_OK),
	       faccessat(AT_FDCWD, "closed/below", F_OK, AT_EACCESS));
	printf("%d %d\n", access("group", R_OK), faccessat(AT_FDCWD, "group", R_OK, AT_EACCESS));
	printf("%d\n", access("closed", R_OK));
	printf("%d\n", faccessat(AT_FDCWD, "closed", R_OK, AT_EACCESS));
}

static void set_ids(void)
{
	static const char *const names[] = {"plain", "setuid", "setgid", "both", "nobody"};

	for (int i = 0; i < 5; i++) {
		fflush(stdout);
		if (!fork()) {
			execl(names[i], names[i], "who", NULL);
			printf("%s: %s\n", names[i], strerror(errno));
			fflush(stdout);
			_exit(0);
		}
		wait(NULL);
	}
}

/* Begun with the rights of who has begun this. */
static void reset(void)
{
	char *argv[] = {"plain", "who", NULL};
	posix_spawnattr_t a;
	pid_t child;

	posix_spawnattr_init(&a);
	posix_spawnattr_setflags(&a, POSIX_SPAWN_RESETIDS);
	if (!posix_spawn(&child, "plain", NULL, &a, argv, environ))
		waitpid(child, NULL, 0);
	posix_spawnattr_setflags(&a, 0);
	if (!posix_spawn(&child, "plain", NULL, &a, argv, environ))
		waitpid(child, NULL, 0);
}

static void copy(const char *to, mode_t mode, uid_t user, gid_t group)
{
	static char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), out = open(to, O_CREAT | O_WRONLY, 0700);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, n);
	close(in);
	close(out);
	chown(to, user, group);
	chmod(to, mode);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		who();
		return 0;
	}
	umask(022);
	setenv("WORD", "word", 1);
	shm_unlink("/rights_of_root");
	sem_unlink("/rights_of_root");
	mq_unlink("/rights_of_root");
	mq_unlink("/rights_of_all");
	own("user", 0640, ANN, CREW);
	own("group", 0460, ANN, CREW);
	own("other", 0604, 0, 0);
	own("program", 0711, 0, 0);
	own("closed", S_IFDIR | 0700, 0, 0);
	own("closed/below", 0644, 0, 0);
	own("listed", S_IFDIR | 0744, 0, 0);
	own("listed/below", 0644, 0, 0);
	own("passed", S_IFDIR | 0711, 0, 0);
	own("passed/below", 0644, 0, 0);
	own("all", S_IFDIR | 0777, 0, 0);
	own("all/mine", 0644, ANN, ANN);
	own("team", S_IFDIR | 02777, 0, CREW);
	own("common", S_IFDIR | 01777, 0, 0);
	own("common/root", 0666, 0, 0);
	own("common/ann", 0666, ANN, ANN);
	own("common/bob", 0666, BOB, BOB);
	own("common/dir", S_IFDIR | 0777, 0, 0);
	own("common/anns", S_IFDIR | 0777, ANN, ANN);
	listen_at("all/open", 0666);
	listen_at("all/shut", 0600);
	listen_at("closed/there", 0666);
	close(shm_open("/rights_of_root", O_CREAT | O_RDWR, 0644));
	sem_close(sem_open("/rights_of_root", O_CREAT, 0600, 1));
	mq_close(mq_open("/rights_of_root", O_CREAT | O_RDWR, 0600, NULL));
	files();
	as(ANN, ANN, 0, files);
	as(BOB, BOB, CREW, files);
	as(BOB, CREW, 0, files);
	as(BOB, BOB, 0, files);
	as(BOB, BOB, 0, directories);
	as(ANN, ANN, 0, directories);
	as(ANN, ANN, CREW, making);
	as(ANN, ANN, 0, making);
	making();
	as(BOB, BOB, 0, sticky);
	as(ANN, ANN, 0, sticky);
	as(ANN, ANN, 0, attributes);
	as(BOB, BOB, CREW, attributes);
	as(BOB, BOB, 0, processes);
	as(BOB, BOB, 0, sockets);
	as(BOB, BOB, 0, shared);
	shared();
	own("free", 06777, 0, CREW);
	own("free2", 06767, 0, CREW);
	own("free3", 06777, 0, CREW);
	as(BOB, BOB, 0, changing);
	changing();
	copy("plain", 0755, ANN, CREW);
	copy("setuid", 04755, ANN, CREW);
	copy("setgid", 02755, ANN, CREW);
	copy("both", 06755, 0, CREW);
	copy("nobody", 06644, ANN, CREW);
	as(BOB, BOB, 0, set_ids);
	set_ids();
	fflush(stdout);
	seteuid(ANN);
	reset();
	seteuid(0);
	return 0;
}
