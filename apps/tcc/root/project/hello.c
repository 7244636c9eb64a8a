/* hello.c - compiled and run in one go, with a thread, a file and a child.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *thread(void *a)
{
	return (char *)a + 1;
}

int main(int argc, char **argv)
{
	pthread_t t;
	void *r;
	int status;

	pthread_create(&t, NULL, thread, (void *)41);
	pthread_join(t, &r);
	printf("hello %d %s %.3f %d\n", argc, argv[argc - 1], sqrt(2), (int)(long)r);
	fflush(stdout);
	if (!fork())
		execlp("echo", "echo", "from", "a child", (char *)NULL);
	wait(&status);
	printf("it returned %d\n", WEXITSTATUS(status));
	return 7;
}
