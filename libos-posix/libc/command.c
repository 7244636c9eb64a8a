/* command.c - commands for the shell, waited for or talked to.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_SHELL 127 /* the status of a command that there is no shell for */

/* A stream that popen made, and who is at its other end. */
struct talk {
	struct talk *next;
	FILE *f;
	pid_t pid;
};

static struct talk *talks;
static pthread_mutex_t talks_lock = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void shell(const char *command)
{
	execl(_PATH_BSHELL, "sh", "-c", command, (char *)NULL);
	_exit(NO_SHELL);
}

static pid_t wait_for(pid_t pid, int *status)
{
	pid_t r;

	do
		r = waitpid(pid, status, 0);
	while (r < 0 && errno == EINTR);
	return r;
}

/* Typed signals are meant for the command; its end is for nobody else. */
int system(const char *command)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
	sigset_t child, before;
	int status = -1;
	pid_t pid;

	if (!command)
		return access(_PATH_BSHELL, X_OK) == 0;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	pid = fork();
	if (!pid) {
		sigaction(SIGINT, &interrupt, NULL);
		sigaction(SIGQUIT, &quit, NULL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		shell(command);
	}
	if (pid > 0 && wait_for(pid, &status) < 0)
		status = -1;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

/* In the child: `end` of the pipe as standard input or output. */
static _Noreturn void talk(const char *command, int end, int standard)
{
	if (end != standard)
		dup2(end, standard);
	else
		fcntl(end, F_SETFD, 0);
	shell(command);
}

static bool good_mode(const char *mode)
{
	if (*mode != 'r' && *mode != 'w')
		return false;
	return !mode[1] || (mode[1] == 'e' && !mode[2]);
}

/* What a program that is started later must not hold open is closed when it starts. */
FILE *popen(const char *command, const char *mode)
{
	struct talk *t = NULL;
	int ours = *mode == 'w', ends[2];

	if (!good_mode(mode)) {
		errno = EINVAL;
		return NULL;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	t = malloc(sizeof(*t));
	if (t && (t->f = fdopen(ends[ours], mode))) {
		t->pid = fork();
		if (!t->pid)
			talk(command, ends[!ours], !ours);
		if (t->pid > 0) {
			close(ends[!ours]);
			pthread_mutex_lock(&talks_lock);
			t->next = talks;
			talks = t;
			pthread_mutex_unlock(&talks_lock);
			return t->f;
		}
		fclose(t->f);
	} else {
		close(ends[ours]);
	}
	close(ends[!ours]);
	free(t);
	return NULL;
}

int pclose(FILE *f)
{
	struct talk **at = &talks, *t;
	int status = -1;

	pthread_mutex_lock(&talks_lock);
	while ((t = *at) && t->f != f)
		at = &t->next;
	if (t)
		*at = t->next;
	pthread_mutex_unlock(&talks_lock);
	if (!t) {
		errno = ECHILD;
		return -1;
	}
	fclose(f);
	if (wait_for(t->pid, &status) < 0)
		status = -1;
	free(t);
	return status;
}
