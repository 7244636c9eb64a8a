/* chk.c - overflows that _FORTIFY_SOURCE and the stack protector notice.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: none
 * RUN: strcpy
 * RUN: memcpy
 * RUN: sprintf
 * RUN: snprintf
 * RUN: strcat
 * RUN: strncpy
 * RUN: read
 * RUN: fgets
 * RUN: memset
 * ENDS: by a signal
 */
#undef _FORTIFY_SOURCE
#define _FORTIFY_SOURCE 2
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char small[8] = "";
	size_t n = 5 + strlen(argv[0]) + 100;
	static char big[1000];

	setvbuf(stdout, NULL, _IONBF, 0);
	memset(big, 'x', 500);
	printf("%s\n", argv[1]);
	if (!strcmp(argv[1], "strcpy"))
		strcpy(small, big);
	if (!strcmp(argv[1], "memcpy"))
		memcpy(small, big, n);
	if (!strcmp(argv[1], "sprintf"))
		sprintf(small, "%s", big);
	if (!strcmp(argv[1], "snprintf"))
		snprintf(small, n, "%s", big);
	if (!strcmp(argv[1], "strcat"))
		strcat(small, big);
	if (!strcmp(argv[1], "strncpy"))
		strncpy(small, big, n);
	if (!strcmp(argv[1], "read"))
		read(0, small, n);
	if (!strcmp(argv[1], "fgets"))
		fgets(small, (int)n, stdin);
	if (!strcmp(argv[1], "memset"))
		memset(small, 'y', n);
	printf("%zu\n", strlen(strcpy(small, "ok")));
	return 0;
}
