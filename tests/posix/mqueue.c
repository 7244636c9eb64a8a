/* mqueue.c - message queues: names, order, limits, waiting, being told.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 * RUN: calls
 * RUN: order
 * RUN: waits
 * RUN: notice
 */
#include "child.h"
#include "try.h"
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char name[40];
static char text[8192];

static mqd_t make(long most, long bytes, int flags)
{
	struct mq_attr a = {.mq_maxmsg = most, .mq_msgsize = bytes};

	snprintf(name, sizeof(name), "/test-%d", getpid());
	return mq_open(name, O_RDWR | O_CREAT | O_EXCL | flags, 0600, &a);
}

static void end(void)
{
	int s = -1;

	wait(&s);
	printf("exit %d\n", WIFEXITED(s) ? WEXITSTATUS(s) : -WTERMSIG(s));
}

static int calls(void)
{
	struct mq_attr a = {.mq_maxmsg = 0, .mq_msgsize = 10};
	unsigned int priority;
	mqd_t q = make(5, 100, 0), other;

	TRY(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL));
	TRY(mq_open("/none-there", O_RDWR));
	TRY(mq_open("/", O_RDWR));
	TRY(mq_open("/test-bad", O_RDWR | O_CREAT, 0600, &a));
	other = mq_open(name, O_RDONLY | O_NONBLOCK);
	TRY(mq_getattr(other, &a));
	printf("%ld %ld %ld %d\n", a.mq_maxmsg, a.mq_msgsize, a.mq_curmsgs,
	       a.mq_flags == O_NONBLOCK);
	TRY(mq_send(other, "x", 1, 0));
	TRY(mq_receive(other, text, 100, &priority));
	TRY(mq_receive(other, text, 99, &priority));
	TRY(mq_send(q, text, 101, 0));
	TRY(mq_send(q, text, 100, 32768));
	TRY(mq_send(q, "", 0, 3));
	TRY(mq_receive(other, text, 100, &priority));
	printf("priority %u\n", priority);
	a.mq_flags = O_NONBLOCK;
	TRY(mq_setattr(q, &a, NULL));
	for (int i = 0; i < 5; i++)
		mq_send(q, "full", 5, 0);
	TRY(mq_send(q, "x", 1, 0));
	TRY(mq_getattr(q, &a));
	printf("%ld %d\n", a.mq_curmsgs, a.mq_flags == O_NONBLOCK);
	TRY(mq_unlink(name));
	TRY(mq_unlink(name));
	TRY(mq_receive(other, text, 100, NULL));
	TRY(mq_close(other));
	TRY(mq_close(other));
	TRY(mq_close(q));
	TRY(mq_send(99, "x", 1, 0));
	return 0;
}

static int order(void)
{
	mqd_t q = make(10, 8192, 0);
	unsigned int priority;
	ssize_t n;

	for (int i = 0; i < 10; i++) {
		memset(text, 'a' + i, sizeof(text));
		mq_send(q, text, i % 2 ? 8192 : 10 + i, i * 7 % 4);
	}
	for (int i = 0; i < 10; i++) {
		memset(text, 0, sizeof(text));
		n = mq_receive(q, text, 8192, &priority);
		printf("%zd bytes of %c, ends with %c, priority %u\n", n, text[0], text[n - 1],
		       priority);
	}
	mq_unlink(name);
	return 0;
}

static int waits(void)
{
	mqd_t q = make(3, 100, 0);
	struct pollfd p = {q, POLLIN | POLLOUT};
	struct timespec t;
	int n = 0;

	TRY(poll(&p, 1, 0));
	printf("%x\n", p.revents & (POLLIN | POLLOUT));
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 20000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	TRY(mq_timedreceive(q, text, 100, NULL, &t));
	t.tv_nsec = -1;
	TRY(mq_timedreceive(q, text, 100, NULL, &t));
	if (!begin()) {
		for (int i = 0; i < 1000; i++)
			mq_send(q, text, 50, 0);
		_exit(5);
	}
	for (int i = 0; i < 1000; i++)
		n += mq_receive(q, text, 100, NULL) == 50;
	end();
	printf("%d\n", n);
	for (int i = 0; i < 3; i++)
		mq_send(q, "x", 1, 0);
	poll(&p, 1, 0);
	printf("%x\n", p.revents & (POLLIN | POLLOUT));
	t = (struct timespec){0, 0};
	TRY(mq_timedsend(q, "x", 1, 0, &t));
	mq_unlink(name);
	return 0;
}

static volatile sig_atomic_t told;

static void on_news(int n, siginfo_t *info, void *unused)
{
	told = info->si_code == SI_MESGQ ? info->si_value.sival_int : -1;
	(void)n;
	(void)unused;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int noticed;

static void in_thread(union sigval v)
{
	pthread_mutex_lock(&mutex);
	noticed = v.sival_int;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

static int notice(void)
{
	struct sigaction a = {.sa_sigaction = on_news, .sa_flags = SA_SIGINFO};
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	mqd_t q = make(3, 100, 0);

	sigaction(SIGUSR1, &a, NULL);
	e.sigev_value.sival_int = 42;
	TRY(mq_notify(q, &e));
	TRY(mq_notify(q, &e));
	if (!begin()) {
		TRY(mq_notify(q, &e));
		mq_send(q, "x", 1, 0);
		exit(0);
	}
	while (!told)
		usleep(1000);
	end();
	printf("told %d\n", told);
	told = 0;
	mq_send(q, "x", 1, 0);
	printf("once %d\n", told == 0);
	TRY(mq_notify(q, &e)); /* there is something */
	mq_receive(q, text, 100, NULL);
	mq_receive(q, text, 100, NULL);
	TRY(mq_notify(q, NULL));
	mq_send(q, "x", 1, 0);
	printf("taken back %d\n", told == 0);
	mq_receive(q, text, 100, NULL);
	e.sigev_notify = SIGEV_THREAD;
	e.sigev_notify_function = in_thread;
	e.sigev_notify_attributes = NULL;
	TRY(mq_notify(q, &e));
	mq_send(q, "x", 1, 0);
	pthread_mutex_lock(&mutex);
	while (!noticed)
		pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	printf("a thread %d\n", noticed);
	mq_unlink(name);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	return !strcmp(what, "calls")   ? calls()
	       : !strcmp(what, "order") ? order()
	       : !strcmp(what, "waits") ? waits()
					: notice();
}
