/* execl.c - execve with its arguments in a row, and with the program looked for in PATH.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <process/spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* What the kernel does not know is for the shell. */
static int by_shell(const char *path, char *const argv[], char *const env[])
{
	size_t n = 0;
	char **list;

	while (argv[n])
		n++;
	list = __builtin_alloca((n + 3) * sizeof(*list));
	list[0] = (char *)_PATH_BSHELL;
	list[1] = (char *)path;
	for (size_t i = 1; i <= n; i++)
		list[i + 1] = argv[i];
	if (!n)
		list[2] = NULL;
	return execve(_PATH_BSHELL, list, env);
}

static int try(const char *path, char *const argv[], char *const env[], bool shell)
{
	execve(path, argv, env);
	return errno == ENOEXEC && shell ? by_shell(path, argv, env) : -1;
}

/* The next name to try; false if there are no more. */
static bool next(const char **dirs, const char *file, char *path)
{
	size_t n, m = strlen(file);

	do {
		const char *dir = *dirs;

		if (!dir)
			return false;
		n = strcspn(dir, ":");
		*dirs = dir[n] ? dir + n + 1 : NULL;
		if (n + m + 2 > PATH_MAX)
			continue;
		memcpy(path, dir, n);
		if (n)
			path[n++] = '/';
		memcpy(path + n, file, m + 1);
		return true;
	} while (1);
}

/* Room for all that next() makes of them, on stacks that may be small. */
static size_t longest(const char *dirs, const char *file)
{
	size_t n = strlen(dirs) + strlen(file) + 2;

	return n < PATH_MAX ? n : PATH_MAX;
}

int px_exec_search(const char *file, char *const argv[], char *const env[], bool shell)
{
	const char *dirs = getenv("PATH");
	bool denied = false;
	char *path;

	if (!*file) {
		errno = ENOENT;
		return -1;
	}
	if (strchr(file, '/'))
		return try(file, argv, env, shell);
	if (strlen(file) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!dirs)
		dirs = "/bin:/usr/bin"; /* confstr(_CS_PATH) */
	path = __builtin_alloca(longest(dirs, file));
	errno = ENOENT;
	while (next(&dirs, file, path)) {
		try(path, argv, env, shell);
		denied |= errno == EACCES;
		if (errno != EACCES && errno != ENOENT && errno != ENOTDIR)
			return -1;
	}
	if (denied)
		errno = EACCES;
	return -1;
}

int execvpe(const char *file, char *const argv[], char *const env[])
{
	return px_exec_search(file, argv, env, true);
}

int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* The arguments of a call as a list; where the NULL at their end stands. */
#define COLLECT(first, last)                                                                       \
	va_list count;                                                                             \
	size_t n = 1;                                                                              \
	va_start(count, first);                                                                    \
	while (va_arg(count, char *))                                                              \
		n++;                                                                               \
	va_end(count);                                                                             \
	char **argv = __builtin_alloca((n + 1) * sizeof(*argv));                                   \
	va_list last;                                                                              \
	va_start(last, first);                                                                     \
	argv[0] = (char *)first;                                                                   \
	for (size_t i = 1; i <= n; i++)                                                            \
	argv[i] = va_arg(last, char *)

int execl(const char *path, const char *arg, ...)
{
	if (!arg)
		return execve(path, (char *[]){NULL}, environ);
	COLLECT(arg, rest);
	va_end(rest);
	return execve(path, argv, environ);
}

int execle(const char *path, const char *arg, ...)
{
	char *const *env;

	if (!arg)
		return execve(path, (char *[]){NULL}, environ);
	COLLECT(arg, rest);
	env = va_arg(rest, char *const *);
	va_end(rest);
	return execve(path, argv, env);
}

int execlp(const char *file, const char *arg, ...)
{
	if (!arg)
		return execvp(file, (char *[]){NULL});
	COLLECT(arg, rest);
	va_end(rest);
	return execvp(file, argv);
}
