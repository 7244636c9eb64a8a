/* command.c - commands for the shell.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <paths.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <thread/thread.h>
#include <unistd.h>

extern char **environ;

#define CANNOT (127 << 8) /* as if the shell had said it */
#define NOBODY 0          /* a process that ended with that at once */

static int shell(pid_t *pid, const char *command, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr)
{
	char *argv[] = {"sh", "-c", "--", (char *)command, NULL};

	return posix_spawn(pid, _PATH_BSHELL, actions, attr, argv, environ);
}

static int await(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* Signals from the keyboard are for the command; its end is nobody else's news. */
static int run(const char *command)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, on_int, on_quit;
	posix_spawnattr_t attr;
	sigset_t child, before, defaults;
	int status = CANNOT;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigaction(SIGINT, &ignore, &on_int);
	sigaction(SIGQUIT, &ignore, &on_quit);
	sigprocmask(SIG_BLOCK, &child, &before);
	sigemptyset(&defaults);
	if (on_int.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGINT);
	if (on_quit.sa_handler != SIG_IGN)
		sigaddset(&defaults, SIGQUIT);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setsigmask(&attr, &before);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (!shell(&pid, command, NULL, &attr))
		status = await(pid);
	sigaction(SIGINT, &on_int, NULL);
	sigaction(SIGQUIT, &on_quit, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

int system(const char *command)
{
	px_cancel_point();
	return command ? run(command) : run("exit 0") == 0;
}

/* Streams to and from commands. */
struct command {
	struct command *next;
	FILE *f;
	pid_t pid;
};

static struct command *commands;

/* The descriptor of the n-th, or -1. */
static int number_of(int n)
{
	const struct command *c;
	int fd = -1;

	px_enter();
	for (c = commands; c && n; c = c->next)
		n--;
	if (c)
		fd = fileno(c->f);
	px_leave();
	return fd;
}

/* Those of before are nobody's business in the new one. */
static void close_others(posix_spawn_file_actions_t *actions)
{
	for (int n = 0; number_of(n) >= 0; n++)
		posix_spawn_file_actions_addclose(actions, number_of(n));
}

/* What the shell says when it cannot begin, if there is none. */
static bool is_none(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENOEXEC;
}

static int begin(struct command *c, const char *text, int child_end, int child_fd)
{
	posix_spawn_file_actions_t actions;
	int r;

	posix_spawn_file_actions_init(&actions);
	close_others(&actions);
	r = posix_spawn_file_actions_adddup2(&actions, child_end, child_fd);
	if (!r)
		r = shell(&c->pid, text, &actions, NULL);
	posix_spawn_file_actions_destroy(&actions);
	if (is_none(r)) {
		c->pid = NOBODY;
		r = 0;
	}
	return r;
}

static FILE *open_command(struct command *c, const char *text, bool reads, bool stays)
{
	int fd[2], r;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return NULL;
	c->f = fdopen(fd[!reads], reads ? "r" : "w");
	r = c->f ? begin(c, text, fd[reads], reads ? STDOUT_FILENO : STDIN_FILENO) : ENOMEM;
	close(fd[reads]);
	if (r) {
		if (c->f)
			fclose(c->f);
		else
			close(fd[!reads]);
		errno = r;
		return NULL;
	}
	if (!stays)
		fcntl(fd[!reads], F_SETFD, 0);
	px_enter();
	c->next = commands;
	commands = c;
	px_leave();
	return c->f;
}

FILE *popen(const char *text, const char *mode)
{
	bool stays = mode[0] && mode[1] == 'e';
	struct command *c;
	FILE *f;

	if ((*mode != 'r' && *mode != 'w') || mode[1 + stays]) {
		errno = EINVAL;
		return NULL;
	}
	c = malloc(sizeof(*c));
	f = c ? open_command(c, text, *mode == 'r', stays) : NULL;
	if (!f)
		free(c);
	return f;
}

static struct command *take(const FILE *f)
{
	struct command **at = &commands, *c;

	px_enter();
	while ((c = *at) && c->f != f)
		at = &c->next;
	if (c)
		*at = c->next;
	px_leave();
	return c;
}

int pclose(FILE *f)
{
	struct command *c = take(f);
	pid_t pid;

	if (!c)
		return (int)px_result(-ECHILD);
	pid = c->pid;
	free(c);
	fclose(f);
	return pid == NOBODY ? CANNOT : await(pid);
}
