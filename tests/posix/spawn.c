/* spawn.c - posix_spawn with all that can be asked of it, system() and popen().
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * ALSO: teller sh
 * CPUS: 1 2
 * RUN: plain
 * RUN: actions
 * RUN: signals
 * RUN: groups
 * RUN: errors
 * RUN: system
 * RUN: popen
 * RUN: many
 */
#include "try.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What returns its error. */
#define RET(x) printf("%-46s %s\n", #x, strerror(x))

static char *none[] = {NULL}, *some[] = {"A=1", NULL};

static void show(const char *what, pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, 0) != pid)
		printf("%s: %s\n", what, strerror(errno));
	else if (WIFEXITED(status))
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	else
		printf("%s: signal %d\n", what, WTERMSIG(status));
	fflush(stdout);
}

static pid_t spawn(const posix_spawn_file_actions_t *f, const posix_spawnattr_t *a, char *what)
{
	char *argv[] = {"teller", what, NULL};
	pid_t pid = -1;
	int r;

	fflush(stdout);
	r = posix_spawn(&pid, "bin/teller", f, a, argv, none);
	if (r)
		printf("%s: %s\n", what, strerror(r));
	else
		show(what, pid);
	return pid;
}

static int plain(void)
{
	char *argv[] = {"teller", "one", "two", NULL};
	pid_t pid;

	RET(posix_spawn(&pid, "bin/teller", NULL, NULL, argv, some));
	show("plain", pid);
	setenv("PATH", "nothing:bin", 1);
	RET(posix_spawnp(&pid, "teller", NULL, NULL, argv, some));
	show("by name", pid);
	RET(posix_spawnp(NULL, "bin/teller", NULL, NULL, argv, some));
	show("by path", wait(NULL) > 0 ? -1 : 0);
	return 0;
}

static int actions(void)
{
	posix_spawn_file_actions_t f;
	int fd = open("text", O_RDONLY), out;
	char buf[500];
	ssize_t n;

	posix_spawn_file_actions_init(&f);
	RET(posix_spawn_file_actions_addclose(&f, 9));
	RET(posix_spawn_file_actions_addclose(&f, fd));
	RET(posix_spawn_file_actions_addopen(&f, 3, "text", O_RDONLY, 0));
	RET(posix_spawn_file_actions_adddup2(&f, 3, 5));
	RET(posix_spawn_file_actions_adddup2(&f, 3, 3));
	RET(posix_spawn_file_actions_addopen(&f, 6, "made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	RET(posix_spawn_file_actions_addopen(&f, 7, "text", O_RDONLY | O_CLOEXEC, 0));
	RET(posix_spawn_file_actions_addclose(&f, -1));
	RET(posix_spawn_file_actions_adddup2(&f, 3, -1));
	RET(posix_spawn_file_actions_addopen(&f, 1 << 28, "text", 0, 0));
	spawn(&f, NULL, "files");
	TRY(access("made", F_OK));
	TRY(unlink("made"));
	posix_spawn_file_actions_destroy(&f);

	posix_spawn_file_actions_init(&f);
	posix_spawn_file_actions_addopen(&f, 1, "out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addchdir_np(&f, "dir");
	posix_spawn_file_actions_addfchdir_np(&f, open("/", O_RDONLY | O_DIRECTORY));
	posix_spawn_file_actions_addfchdir_np(&f, open(".", O_RDONLY | O_DIRECTORY));
	spawn(&f, NULL, "into a file");
	out = open("out", O_RDONLY);
	n = read(out, buf, sizeof(buf));
	printf("%.*s", (int)n, buf);
	unlink("out");
	posix_spawn_file_actions_destroy(&f);

	posix_spawn_file_actions_init(&f);
	posix_spawn_file_actions_addopen(&f, 5, "nothing", O_RDONLY, 0);
	spawn(&f, NULL, "no such file");
	posix_spawn_file_actions_destroy(&f);
	posix_spawn_file_actions_init(&f);
	posix_spawn_file_actions_adddup2(&f, 77, 5);
	spawn(&f, NULL, "no such descriptor");
	posix_spawn_file_actions_destroy(&f);
	posix_spawn_file_actions_init(&f);
	posix_spawn_file_actions_addchdir_np(&f, "dir");
	spawn(&f, NULL, "not there");
	return 0;
}

static void handler(int n)
{
	(void)n;
}

static int signals(void)
{
	posix_spawnattr_t a;
	sigset_t set;
	short flags;

	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	spawn(NULL, NULL, "signals");
	posix_spawnattr_init(&a);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	posix_spawnattr_setsigmask(&a, &set);
	spawn(NULL, &a, "signals");
	posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSIGMASK);
	spawn(NULL, &a, "signals");
	sigaddset(&set, SIGUSR2);
	posix_spawnattr_setsigdefault(&a, &set);
	posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSIGDEF);
	spawn(NULL, &a, "signals");
	RET(posix_spawnattr_setflags(&a, 0x4000));
	RET(posix_spawnattr_getflags(&a, &flags));
	printf("%x\n", flags);
	RET(posix_spawnattr_getsigmask(&a, &set));
	printf("%d %d\n", sigismember(&set, SIGHUP), sigismember(&set, SIGUSR2));
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("still %d %d\n", sigismember(&set, SIGTERM), sigismember(&set, SIGHUP));
	return 0;
}

static void who(const posix_spawnattr_t *a, int group, int session)
{
	char me[20], g[20], s[20], *argv[] = {"teller", "identity", me, me, g, s, NULL};
	pid_t pid = 0;

	snprintf(me, sizeof(me), "%d", getpid());
	snprintf(g, sizeof(g), "%d", group);
	snprintf(s, sizeof(s), "%d", session);
	RET(posix_spawn(&pid, "bin/teller", NULL, a, argv, none));
	if (pid)
		show("who", pid);
}

static int groups(void)
{
	posix_spawnattr_t a;
	pid_t group;

	setpgid(0, 0);
	posix_spawnattr_init(&a);
	who(&a, getpgrp(), getsid(0));
	posix_spawnattr_setflags(&a, POSIX_SPAWN_SETPGROUP);
	who(&a, getpgrp(), getsid(0));
	posix_spawnattr_setpgroup(&a, getpgrp());
	who(&a, getpgrp(), getsid(0));
	posix_spawnattr_setpgroup(&a, 99999999);
	who(&a, getpgrp(), getsid(0));
	RET(posix_spawnattr_getpgroup(&a, &group));
	posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSID);
	who(&a, getpgrp(), getsid(0));
	RET(posix_spawnattr_setschedpolicy(&a, 77));
	return 0;
}

static int errors(void)
{
	char *argv[] = {"x", NULL};
	pid_t pid = 5;
	int fd = open("plain", O_CREAT | O_WRONLY, 0755);

	write(fd, "text\n", 5);
	close(fd);
	RET(posix_spawn(&pid, "nothing", NULL, NULL, argv, none));
	RET(posix_spawn(&pid, "text", NULL, NULL, argv, none));
	RET(posix_spawn(&pid, "plain", NULL, NULL, argv, none));
	RET(posix_spawnp(&pid, "./plain", NULL, NULL, argv, none));
	RET(posix_spawnp(&pid, "nothing", NULL, NULL, argv, none));
	RET(posix_spawn(&pid, "bin", NULL, NULL, argv, none));
	printf("%d\n", pid);
	TRY(wait(NULL));
	signal(SIGCHLD, SIG_IGN);
	RET(posix_spawn(&pid, "nothing", NULL, NULL, argv, none));
	TRY(wait(NULL));
	unlink("plain");
	return 0;
}

static int systems(void)
{
	struct sigaction a;
	sigset_t set;

	signal(SIGINT, handler);
	printf("%d\n", system(NULL) != 0);
	fflush(stdout);
	TRY(system("exit 3"));
	fflush(stdout);
	TRY(system("echo a b c"));
	fflush(stdout);
	TRY(system(""));
	TRY(system("kill -9 $$"));
	TRY(system("kill -2 $$"));
	sigaction(SIGINT, NULL, &a);
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("%d %d\n", a.sa_handler == handler, sigismember(&set, SIGCHLD));
	TRY(wait(NULL));
	return 0;
}

static int popens(void)
{
	char line[100];
	FILE *f = popen("echo hello; echo more; exit 5", "r"), *g;

	while (fgets(line, sizeof(line), f))
		printf("got %s", line);
	TRY(pclose(f));
	fflush(stdout);
	f = popen("cat", "w");
	g = popen("cat", "we");
	fputs("to the first\n", f);
	TRY(pclose(f));
	fflush(stdout);
	fputs("to the second\n", g);
	printf("%d %d\n", fcntl(fileno(g), F_GETFD), fileno(g) > 2);
	fflush(stdout);
	TRY(pclose(g));
	TRY(popen("cat", "x"));
	TRY(popen("cat", "rx"));
	f = popen("kill -15 $$", "r");
	TRY(pclose(f));
	TRY(wait(NULL));
	return 0;
}

static void *spawns(void *sum)
{
	char *argv[] = {"teller", "wait", NULL};
	posix_spawn_file_actions_t f;

	posix_spawn_file_actions_init(&f);
	posix_spawn_file_actions_addopen(&f, 1, "/dev/null", O_WRONLY, 0);
	for (int i = 0; i < 10; i++) {
		int status = 0;
		pid_t pid;

		if (posix_spawn(&pid, "bin/teller", &f, NULL, argv, none))
			continue;
		waitpid(pid, &status, 0);
		*(int *)sum += WEXITSTATUS(status);
	}
	posix_spawn_file_actions_destroy(&f);
	return NULL;
}

/* From several threads at a time. */
static int many(void)
{
	int sum[4] = {0};
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, spawns, &sum[i]);
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], NULL);
		printf("%d\n", sum[i]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	if (strcmp(what, "plain") == 0)
		return plain();
	if (strcmp(what, "actions") == 0)
		return actions();
	if (strcmp(what, "signals") == 0)
		return signals();
	if (strcmp(what, "groups") == 0)
		return groups();
	if (strcmp(what, "errors") == 0)
		return errors();
	if (strcmp(what, "system") == 0)
		return systems();
	if (strcmp(what, "popen") == 0)
		return popens();
	return many();
}
