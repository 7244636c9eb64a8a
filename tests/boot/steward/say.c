/* say.c - prints its arguments, on libos-posix, for the tests of the steward.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * `exit N` ends it with that status; `wait` is a minute.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv)
{
	const char *greeting = getenv("GREETING");

	if (greeting)
		printf("GREETING=%s\n", greeting);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "exit") == 0 && i + 1 < argc)
			return atoi(argv[i + 1]);
		if (strcmp(argv[i], "wait") == 0)
			nanosleep(&(struct timespec){60, 0}, NULL);
		else
			printf("%s\n", argv[i]);
	}
	return 0;
}
