/* environment.c - the environment, changed as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What setenv() made stays allocated when it is replaced: the program may still have its address.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **own; /* the array, if it is ours and not the one from the start */

static size_t count(void)
{
	size_t n = 0;

	while (environ && environ[n])
		n++;
	return n;
}

/* The entry `name=`, or NULL. */
static char **find(const char *name, size_t n)
{
	for (char **e = environ; e && *e; e++)
		if (!strncmp(*e, name, n) && (*e)[n] == '=')
			return e;
	return NULL;
}

static bool is_name(const char *name)
{
	return name && *name && !strchr(name, '=');
}

static int put(char *entry, size_t n)
{
	char **e = find(entry, n);

	if (!e) {
		size_t used = count();
		char **array = realloc(environ == own ? own : NULL, (used + 2) * sizeof(char *));

		if (!array)
			return -1;
		if (environ != own && used)
			memcpy(array, environ, used * sizeof(char *));
		environ = own = array;
		e = &array[used];
		e[1] = NULL;
	}
	*e = entry;
	return 0;
}

int setenv(const char *name, const char *value, int replace)
{
	size_t n, v;
	char *entry;

	if (!is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	n = strlen(name);
	if (!replace && find(name, n))
		return 0;
	v = strlen(value) + 1;
	entry = malloc(n + 1 + v);
	if (!entry)
		return -1;
	memcpy(entry, name, n);
	entry[n] = '=';
	memcpy(entry + n + 1, value, v);
	if (put(entry, n) < 0) {
		free(entry);
		return -1;
	}
	return 0;
}

/* The program's own string becomes part of the environment; without a value the name goes. */
int putenv(char *entry)
{
	const char *equals = strchr(entry, '=');

	return equals ? put(entry, (size_t)(equals - entry)) : unsetenv(entry);
}

int unsetenv(const char *name)
{
	char **e;

	if (!is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	while ((e = find(name, strlen(name))) != NULL)
		do
			e[0] = e[1];
		while (*e++);
	return 0;
}

int clearenv(void)
{
	environ = NULL;
	return 0;
}

/* Nothing is believed of who starts a program that has other rights. */
char *secure_getenv(const char *name)
{
	return issetugid() ? NULL : getenv(name);
}
