/* interrupted.c - more calls that a handler interrupts: which of them begin again.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 2
 * FORMS: shared
 * RUN:
 * RUN: restart
 */
#include "interrupted.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static int queue, semaphores, listener, master, slave, epoll, record, held, go[2], told;
static mqd_t mq, full_mq;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int ready;
static pid_t child;

static void begin(void)
{
	char c;

	if (!(child = fork())) {
		read(go[0], &c, 1);
		_exit(7);
	}
}

static long do_wait(void)
{
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}

static void let_go(void)
{
	write(go[1], "x", 1);
}

static void reap(void)
{
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static long do_waitid(void)
{
	siginfo_t info;

	return waitid(P_PID, (id_t)child, &info, WEXITED);
}

static long do_msgrcv(void)
{
	struct {
		long type;
		char text[8];
	} m;

	return msgrcv(queue, &m, 8, 0, 0);
}

static void message(void)
{
	struct {
		long type;
		char text[8];
	} m = {1, "x"};

	msgsnd(queue, &m, 1, 0);
}

static long do_semop(void)
{
	struct sembuf b = {0, -1, 0};

	return semop(semaphores, &b, 1);
}

static void add_sem(void)
{
	struct sembuf b = {0, 1, 0};

	semop(semaphores, &b, 1);
}

static long do_accept(void)
{
	int fd = accept(listener, NULL, NULL), error = errno;

	close(fd);
	errno = error;
	return fd < 0 ? -1 : 0;
}

static void meet(void)
{
	struct sockaddr_un a = {AF_UNIX, "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	connect(fd, (struct sockaddr *)&a, sizeof(a));
	close(fd);
}

static long do_record(void)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	return fcntl(record, F_OFD_SETLKW, &l);
}

static void unlock(void)
{
	struct flock l = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

	fcntl(held, F_OFD_SETLK, &l);
}

static long do_mq_receive(void)
{
	char text[16];

	return mq_receive(mq, text, sizeof(text), NULL);
}

static void mail(void)
{
	mq_send(mq, "x", 1, 0);
}

static long do_mq_send(void)
{
	return mq_send(full_mq, "x", 1, 0);
}

static void take_mail(void)
{
	char text[16];

	mq_receive(full_mq, text, sizeof(text), NULL);
}

static long do_tty(void)
{
	char c;

	return read(slave, &c, 1);
}

static void type(void)
{
	write(master, "x", 1);
}

static long do_ppoll(void)
{
	struct pollfd p = {.fd = go[0], .events = POLLIN};
	struct timespec t = {1000, 0};

	return ppoll(&p, 1, &t, NULL);
}

static long do_epoll_pwait(void)
{
	struct epoll_event e;
	sigset_t none;

	sigemptyset(&none);
	return epoll_pwait(epoll, &e, 1, 1000000, &none);
}

static long do_pause(void)
{
	return pause();
}

static long do_sigwait(void)
{
	struct timespec t = {1000, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return sigtimedwait(&set, NULL, &t);
}

static void send_wanted(void)
{
	pthread_kill(main_thread, SIGUSR2);
}

static long do_signalfd(void)
{
	struct signalfd_siginfo info;

	return read(told, &info, sizeof(info)) == sizeof(info) ? 0 : -1;
}

static struct timespec left;

static long do_nanosleep(void)
{
	struct timespec t = {1000, 0};

	return nanosleep(&t, &left);
}

static long do_sleep(void)
{
	return sleep(1000) > 500;
}

static long do_cond(void)
{
	int r = 0;

	pthread_mutex_lock(&mutex);
	while (!ready && !r)
		r = pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	return r;
}

static void signal_cond(void)
{
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

/* What has a name of its own, so that two of these programs are not in each other's way. */
static void make(void)
{
	struct mq_attr a = {.mq_maxmsg = 1, .mq_msgsize = 16};
	struct sockaddr_un address = {AF_UNIX, "socket"};
	struct epoll_event e = {.events = EPOLLIN};
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
	struct termios t;
	sigset_t set;
	char name[40];

	pipe(go);
	queue = msgget(IPC_PRIVATE, 0600);
	semaphores = semget(IPC_PRIVATE, 1, 0600);
	unlink("socket");
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(listener, (struct sockaddr *)&address, sizeof(address));
	listen(listener, 5);
	master = posix_openpt(O_RDWR | O_NOCTTY);
	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	tcgetattr(slave, &t);
	cfmakeraw(&t);
	tcsetattr(slave, TCSANOW, &t);
	epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, go[0], &e);
	record = open("record", O_RDWR | O_CREAT, 0600);
	held = open("record", O_RDWR);
	unlink("record");
	fcntl(held, F_OFD_SETLK, &l);
	snprintf(name, sizeof(name), "/interrupted%d", (int)getpid());
	mq = mq_open(name, O_RDWR | O_CREAT, 0600, &a);
	mq_unlink(name);
	full_mq = mq_open(name, O_RDWR | O_CREAT, 0600, &a);
	mq_unlink(name);
	mq_send(full_mq, "x", 1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	told = signalfd(-1, &set, 0);
}

int main(int argc, char **argv)
{
	struct sigaction a;

	alarm(110);
	setvbuf(stdout, NULL, _IONBF, 0);
	memset(&a, 0, sizeof(a));
	a.sa_handler = handler;
	restarts = argc > 1;
	a.sa_flags = restarts ? SA_RESTART : 0;
	sigaction(SIGUSR1, &a, NULL);
	main_thread = pthread_self();
	relieve_anyway = 1;
	make();
	begin();
	try("waitpid", do_wait, let_go, UNLESS_RESTARTED);
	reap();
	begin();
	try("waitid", do_waitid, let_go, UNLESS_RESTARTED);
	reap();
	try("msgrcv", do_msgrcv, message, UNLESS_RESTARTED);
	try("semop", do_semop, add_sem, UNLESS_RESTARTED);
	try("accept", do_accept, meet, UNLESS_RESTARTED);
	try("record", do_record, unlock, UNLESS_RESTARTED);
	try("mq_receive", do_mq_receive, mail, UNLESS_RESTARTED);
	try("mq_send", do_mq_send, take_mail, UNLESS_RESTARTED);
	try("terminal", do_tty, type, UNLESS_RESTARTED);
	try("ppoll", do_ppoll, NULL, ALWAYS);
	try("epoll_pwait", do_epoll_pwait, NULL, ALWAYS);
	try("pause", do_pause, NULL, ALWAYS);
	try("sigtimedwait", do_sigwait, NULL, ALWAYS);
	try("signalfd", do_signalfd, send_wanted, UNLESS_RESTARTED);
	try("nanosleep", do_nanosleep, NULL, ALWAYS);
	printf("left %d\n", left.tv_sec > 0);
	try("sleep", do_sleep, NULL, ALWAYS);
	try("cond", do_cond, signal_cond, NEVER);
	msgctl(queue, IPC_RMID, NULL);
	semctl(semaphores, 0, IPC_RMID);
	unlink("socket");
	return 0;
}
