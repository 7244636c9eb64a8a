/* command.c - commands for a shell that the root directory does not have.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * With a shell they are tried by BusyBox's awk (tests/ports).  Here only what needs none.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int children;

static void child(int number)
{
	(void)number;
	children++;
}

int main(void)
{
	struct sigaction act = {.sa_handler = child}, now;
	sigset_t mask;
	FILE *f;
	int r;

	errno = 0;
	printf("mode: %d", popen("exit 3", "x") != NULL);
	printf(" %s\n", strerror(errno));
	errno = 0;
	printf("mode: %d", popen("exit 3", "rw") != NULL);
	printf(" %s\n", strerror(errno));
	sigaction(SIGCHLD, &act, NULL);
	r = system("exit 127");
	printf("system: %d %d\n", WIFEXITED(r), WEXITSTATUS(r));
	printf("children seen: %d\n", children);
	sigaction(SIGINT, NULL, &now);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("as before: %d %d\n", now.sa_handler == SIG_DFL, sigismember(&mask, SIGCHLD));
	f = popen("exit 127", "r");
	printf("nothing: %d\n", getc(f));
	r = pclose(f);
	printf("popen: %d %d\n", WIFEXITED(r), WEXITSTATUS(r));
	signal(SIGPIPE, SIG_IGN);
	f = popen("exit 127", "we");
	r = pclose(f);
	printf("popen: %d %d\n", WIFEXITED(r), WEXITSTATUS(r));
	f = tmpfile();
	errno = 0;
	fclose(f);
	printf("wait: %d", (int)wait(NULL));
	printf(" %s\n", strerror(errno));
	return 0;
}
