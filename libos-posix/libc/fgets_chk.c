/* fgets_chk.c - a line into a buffer shorter than the program says.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>

char *__fgets_chk(char *restrict, size_t, int, FILE *restrict);
_Noreturn void __chk_fail(void);

char *__fgets_chk(char *restrict buffer, size_t room, int n, FILE *restrict f)
{
	size_t at = 0;
	int c = 0;

	flockfile(f);
	while (at + 1 < (size_t)n && c != '\n' && (c = getc_unlocked(f)) != EOF) {
		if (at + 1 >= room)
			__chk_fail();
		buffer[at++] = (char)c;
	}
	funlockfile(f);
	if (!at || (c == EOF && ferror(f)))
		return NULL;
	buffer[at] = '\0';
	return buffer;
}
