/* getline.c - whole lines, under the names of POSIX.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>

ssize_t getdelim(char **restrict line, size_t *restrict room, int end, FILE *restrict f)
{
	return __getdelim(line, room, end, f);
}

ssize_t getline(char **restrict line, size_t *restrict room, FILE *restrict f)
{
	return __getdelim(line, room, '\n', f);
}
