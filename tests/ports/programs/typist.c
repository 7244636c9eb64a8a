/* typist.c - sits at a pseudo-terminal and types what a script says to the program of its
 * arguments. SPDX-License-Identifier: BSD-2-Clause
 *
 * Lines of standard input: "< TEXT": wait until the terminal has shown that since the last time;
 * "> TEXT": type it and return; "^C" and its like on a line of their own: that key.  What is shown
 * goes to standard output.
 */
#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char shown[65536];
static size_t have, seen;

/* More of what the terminal shows; 0: it ended. */
static int more(int m)
{
	ssize_t n = read(m, shown + have, sizeof(shown) - 1 - have);

	if (n <= 0)
		return 0;
	fwrite(shown + have, 1, (size_t)n, stdout);
	fflush(stdout);
	have += (size_t)n;
	shown[have] = 0;
	return 1;
}

static void await(int m, const char *text)
{
	const char *at;

	while (!(at = strstr(shown + seen, text)))
		if (!more(m)) {
			printf("\n[it ended before it said %s]\n", text);
			exit(1);
		}
	seen = (size_t)(at - shown) + strlen(text);
}

int main(int argc, char **argv)
{
	char line[1024], key;
	int m, status;
	pid_t pid;

	(void)argc;
	alarm(200);
	pid = forkpty(&m, NULL, NULL, NULL);
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	while (fgets(line, sizeof(line), stdin)) {
		size_t n = strcspn(line, "\n");

		if (line[0] == '<') {
			line[n] = 0;
			await(m, line + 2);
		} else if (line[0] == '>') {
			write(m, line + 2, n - 1);
		} else if (line[0] == '^') {
			key = line[1] & 0x1f;
			write(m, &key, 1);
		}
	}
	while (more(m))
		;
	waitpid(pid, &status, 0);
	printf("\n[status %x]\n", status);
	return 0;
}
