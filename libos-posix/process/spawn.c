/* spawn.c - posix_spawn: a new process with a new program.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The parent waits until the program has begun, or could not: then the child leaves the error in
 * the arena, where both see it.
 */
#include <env/arena.h>
#include <errno.h>
#include <process/spawn.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

struct order {
	const char *file;
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv, *const *env;
	bool search;
	sigset_t mask; /* the caller's */
	int *error;
};

/* The parent's handlers run no more; what it ignores stays so, but for `more`. */
static void reset_signals(const sigset_t *more)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL}, a;

	for (int n = 1; n < NSIG; n++)
		if (!sigaction(n, NULL, &a) && a.sa_handler != SIG_DFL &&
		    (a.sa_handler != SIG_IGN || (more && sigismember(more, n) > 0)))
			sigaction(n, &dfl, NULL);
}

static int apply_scheduler(const posix_spawnattr_t *a)
{
	if (a->__flags & POSIX_SPAWN_SETSCHEDULER)
		return sched_setscheduler(0, a->__policy, &a->__param);
	if (a->__flags & POSIX_SPAWN_SETSCHEDPARAM)
		return sched_setparam(0, &a->__param);
	return 0;
}

static int apply(const posix_spawnattr_t *a)
{
	if (apply_scheduler(a) < 0)
		return -1;
	if (a->__flags & POSIX_SPAWN_SETSID && setsid() < 0)
		return -1;
	if (a->__flags & POSIX_SPAWN_RESETIDS && (seteuid(getuid()) < 0 || setegid(getgid()) < 0))
		return -1;
	return a->__flags & POSIX_SPAWN_SETPGROUP ? setpgid(0, a->__group) : 0;
}

static _Noreturn void begin(const struct order *o)
{
	const posix_spawnattr_t *a = o->attr;
	bool masked = a && a->__flags & POSIX_SPAWN_SETSIGMASK;

	reset_signals(a && a->__flags & POSIX_SPAWN_SETSIGDEF ? &a->__defaults : NULL);
	if ((a && apply(a) < 0) || px_spawn_act(o->actions) < 0) {
		*o->error = errno;
		_exit(127);
	}
	sigprocmask(SIG_SETMASK, masked ? &a->__mask : &o->mask, NULL);
	if (o->search)
		px_exec_search(o->file, o->argv, o->env, false);
	else
		execve(o->file, o->argv, o->env);
	*o->error = errno;
	_exit(127);
}

static int spawn(pid_t *number, struct order *o)
{
	sigset_t all;
	pid_t pid;
	int r;

	o->error = px_alloc(sizeof(*o->error));
	if (!o->error)
		return ENOMEM;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &o->mask);
	pid = vfork();
	if (!pid)
		begin(o);
	r = pid < 0 ? errno : *o->error;
	px_free(o->error);
	if (r && pid > 0)
		waitpid(pid, NULL, 0);
	sigprocmask(SIG_SETMASK, &o->mask, NULL);
	if (!r && number)
		*number = pid;
	return r;
}

int posix_spawn(pid_t *restrict number, const char *restrict path,
		const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *restrict attr,
		char *const argv[restrict], char *const env[restrict])
{
	struct order o = {.file = path, .actions = actions, .attr = attr, .argv = argv, .env = env};

	return spawn(number, &o);
}

int posix_spawnp(pid_t *restrict number, const char *restrict file,
		 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *restrict attr,
		 char *const argv[restrict], char *const env[restrict])
{
	struct order o = {.file = file,
			  .actions = actions,
			  .attr = attr,
			  .argv = argv,
			  .env = env,
			  .search = true};

	return spawn(number, &o);
}
