/* arguments.c - argv and environ from the settings, at the top of the stack.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <string.h>
#include <unistd.h>
#include <util/settings.h>

#define STRINGS_MAX 1024

struct xo_settings px_settings;
int px_argc;
char **px_argv;
char **environ;
char *program_invocation_name;
char *program_invocation_short_name;

static char *found[STRINGS_MAX];

/* "NAME=" is the same in both. */
static bool same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return strncmp(a, b, n) == 0 && b[n] == '=';
}

/* The environment: of one name the last setting holds. */
static int collect_env(char **list, int max)
{
	const char *s = NULL, *value;
	int n = 0;

	while ((s = xo_settings_next(&px_settings, s))) {
		int i = 0;

		value = settings_value(s, "env");
		if (!value || !strchr(value, '='))
			continue;
		while (i < n && !same_name(list[i], value))
			i++;
		if (i == n && ++n >= max)
			px_die("more than 1022 environment variables");
		list[i] = (char *)value;
	}
	list[n] = NULL;
	return n;
}

/* Strings in the archive are read-only, a program may change its own: copy
 * them to the stack, then the pointers below. */
static char **copy_down(uintptr_t *sp, int n)
{
	char **list;

	for (int i = n; i-- > 0;) {
		size_t bytes = strlen(found[i]) + 1;

		*sp -= bytes;
		found[i] = memcpy((void *)*sp, found[i], bytes);
	}
	*sp = (*sp & ~(uintptr_t)15) - ((size_t)n + 1) * sizeof(char *);
	list = (char **)*sp;
	memcpy(list, found, (size_t)n * sizeof(char *));
	list[n] = NULL;
	return list;
}

void px_arguments_set(int argc, char **argv, char **env)
{
	char *slash = strrchr(argv[0], '/');

	environ = env;
	px_argc = argc;
	px_argv = argv;
	program_invocation_name = argv[0];
	program_invocation_short_name = slash ? slash + 1 : argv[0];
}

uintptr_t px_arguments_init(const struct exo_archive *archive, uintptr_t stack)
{
	char **env = copy_down(&stack, collect_env(found, STRINGS_MAX));
	int argc = xo_arguments(&px_settings, archive, found, STRINGS_MAX);

	if (argc >= STRINGS_MAX - 1)
		px_die("more than 1022 arguments");
	px_arguments_set(argc, copy_down(&stack, argc), env);
	return stack & ~(uintptr_t)15;
}
