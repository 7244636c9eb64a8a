/* signal_fd.c - signals behind a descriptor.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <unistd.h>

static void show(const struct signalfd_siginfo *s)
{
	printf(" [%d %d %d %d %d]",
	       s->ssi_signo >= 34 ? 1000 + s->ssi_signo - SIGRTMIN : s->ssi_signo, s->ssi_code,
	       s->ssi_pid == getpid(), s->ssi_uid == getuid(), s->ssi_int);
}

static void take(int fd, int most)
{
	struct signalfd_siginfo s[8];
	ssize_t n = read(fd, s, most * sizeof(s[0]));

	if (n < 0) {
		printf(" %s\n", strerror(errno));
		return;
	}
	printf(" %zd:", n / sizeof(s[0]));
	for (size_t i = 0; i < n / sizeof(s[0]); i++)
		show(&s[i]);
	printf("\n");
}

static void *later(void *unused)
{
	usleep(20000);
	kill(getpid(), SIGUSR2);
	return unused;
}

int main(void)
{
	struct itimerval t = {.it_value = {0, 20000}};
	struct pollfd p = {.events = POLLIN};
	struct epoll_event e = {.events = EPOLLIN};
	pthread_t thread;
	sigset_t set;
	char few[64];
	int fd, ep;

	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("%d\n", signalfd(-1, &set, 0x123) < 0 && errno == EINVAL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	printf("%d %d\n", (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0, fcntl(fd, F_GETFD));
	take(fd, 1);
	printf("%d\n", read(fd, few, sizeof(few)) < 0 && errno == EINVAL);
	p.fd = fd;
	printf("%d\n", poll(&p, 1, 0));
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 3});
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 4});
	printf("%d", poll(&p, 1, 0));
	printf(" %d\n", p.revents);
	take(fd, 2);
	take(fd, 8);
	take(fd, 8);
	printf("%d\n", poll(&p, 1, 0));
	setitimer(ITIMER_REAL, &t, NULL);
	printf("%d", poll(&p, 1, 100000));
	printf(" %d\n", p.revents);
	take(fd, 1);
	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	setitimer(ITIMER_REAL, &t, NULL);
	printf("%d\n", epoll_wait(ep, &e, 1, 100000));
	take(fd, 1);
	/* Others from now on, waited for. */
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("%d\n", signalfd(fd, &set, 0) == fd);
	fcntl(fd, F_SETFL, 0);
	pthread_create(&thread, NULL, later, NULL);
	take(fd, 1);
	pthread_join(thread, NULL);
	printf("%d\n", signalfd(ep, &set, 0) < 0 && errno == EINVAL);
	return 0;
}
