/* sh.c - as much of a shell as the tests of system() and popen() ask for.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Commands between ";": exit N, echo WORD..., cat, fds, kill -N $$.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A word without its quotes; spaces in it are not understood. */
static const char *bare(char *word)
{
	char *to = word, quote = 0;

	for (char *p = word; *p; p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? 0 : *p;
		else
			*to++ = *p;
	}
	*to = 0;
	return word;
}

static void one(char *command)
{
	char *word = strtok(command, " "), buf[512];
	ssize_t n;

	if (!word)
		return;
	if (strcmp(word, "exit") == 0) {
		word = strtok(NULL, " ");
		exit(word ? atoi(word) : 0);
	} else if (strcmp(word, "echo") == 0) {
		for (const char *space = ""; (word = strtok(NULL, " ")); space = " ")
			printf("%s%s", space, bare(word));
		puts("");
	} else if (strcmp(word, "cat") == 0) {
		fflush(stdout);
		while ((n = read(0, buf, sizeof(buf))) > 0)
			write(1, buf, (size_t)n);
	} else if (strcmp(word, "kill") == 0) {
		fflush(stdout);
		kill(getpid(), -atoi(strtok(NULL, " ")));
	} else {
		exit(127);
	}
}

int main(int argc, char **argv)
{
	char *text = argc > 2 ? argv[argc - 1] : NULL, *next;

	for (; text; text = next) {
		next = strchr(text, ';');
		if (next)
			*next++ = 0;
		one(text);
	}
	return 0;
}
