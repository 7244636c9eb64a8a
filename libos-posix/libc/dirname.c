/* dirname.c - the two halves of a path, as POSIX says.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libgen.h>
#include <string.h>

/* The length of a path without slashes at its end, but for the first. */
static size_t bare(const char *path, size_t n)
{
	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

char *dirname(char *path)
{
	size_t n;

	if (!path || !*path)
		return ".";
	n = bare(path, strlen(path));
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n == 0)
		return ".";
	n = bare(path, n);
	path[n] = '\0';
	return path;
}
