/* keys.c - the keys that make signals, and one that the machine's owner has for himself.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void on_signal(int n)
{
	got = n;
}

int main(void)
{
	static const int all[] = {SIGINT, SIGTSTP, SIGQUIT};
	struct sigaction act = {.sa_handler = on_signal};
	char c[2];

	for (int i = 0; i < 3; i++) {
		sigaction(all[i], &act, NULL);
		printf("key %d?\n", i);
		while (got != all[i])
			usleep(10000);
		printf("signal %d\n", got);
	}
	puts("word?");
	for (int i = 0; i < 2; i++)
		read(0, &c[i], 1);
	printf("%d %d\n", c[0], c[1]);
	puts("end?");
	for (;;)
		pause();
}
