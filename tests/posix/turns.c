/* turns.c - threads that wait and threads that compute, on one CPU: who needs little gets it soon,
 * and nobody gets much more than his share.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 *
 * Judged by the threads' own clocks of what they ran, and with room: what was wrong was so by a
 * factor of hundreds.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMPUTE 20
#define ROUNDS  100
#define SECOND  1000000000ll

static volatile int stop;
static int to[2], from[2];
static pthread_t computing[COMPUTE];
static pid_t child;

static long long ran(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void *compute(void *arg)
{
	while (!stop)
		;
	return arg;
}

static void *answer(void *arg)
{
	char c;

	while (read(to[0], &c, 1) == 1)
		write(from[1], &c, 1);
	return arg;
}

static void ask(void)
{
	char c = 'a';

	write(to[1], &c, 1);
	read(from[0], &c, 1);
}

/* What all that compute have run. */
static long long computed(void)
{
	long long sum = 0;

	for (int i = 0; i < COMPUTE; i++) {
		clockid_t clock;

		pthread_getcpuclockid(computing[i], &clock);
		sum += ran(clock);
	}
	return sum;
}

/* Each of these would take a turn of each of the others. */
static void little(const char *what, void (*once)(void))
{
	long long before = computed();

	for (int i = 0; i < ROUNDS; i++)
		once();
	printf("%s: %s\n", what,
	       computed() - before < 4 * SECOND ? "soon" : "when all others had their turns");
}

static void sleep_little(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void signal_child(void)
{
	int status;

	if (!child) {
		child = fork();
		if (!child)
			for (;;)
				raise(SIGSTOP);
		waitpid(child, &status, WUNTRACED);
	}
	kill(child, SIGCONT);
	waitpid(child, &status, WUNTRACED);
	if (!WIFSTOPPED(status))
		printf("child: %x\n", status);
}

/* Much of it, in small pieces: a pair of threads that never wait for long. */
static void much(void)
{
	long long others = computed(), mine = ran(CLOCK_THREAD_CPUTIME_ID), used;

	do {
		for (volatile int i = 0; i < 20000; i++)
			;
		ask();
		used = ran(CLOCK_THREAD_CPUTIME_ID) - mine;
	} while (used < SECOND / 20 && computed() - others < 5 * SECOND);
	others = (computed() - others) / COMPUTE;
	printf("much: %s, %s\n", used > 3 * others ? "more than three shares" : "not more",
	       others > 5 * used ? "less than a fifth of one" : "not less");
}

int main(void)
{
	pthread_t thread;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	pipe(to);
	pipe(from);
	pthread_create(&thread, NULL, answer, NULL);
	for (int i = 0; i < COMPUTE; i++)
		pthread_create(&computing[i], NULL, compute, NULL);
	little("pipe", ask);
	little("sleep", sleep_little);
	little("child", signal_child);
	much();
	stop = 1;
	for (int i = 0; i < COMPUTE; i++)
		pthread_join(computing[i], NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("end\n");
	return 0;
}
