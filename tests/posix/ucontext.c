/* ucontext.c - contexts that a program makes and changes between.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: all
 * RUN: end
 * RUN: thread
 * CPUS: 1 2
 */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define STACK  65536
#define MANY   300
#define ROUNDS 20

static ucontext_t home, other, third;
static volatile int steps;

static void *stack(void)
{
	void *p = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void make(ucontext_t *u, ucontext_t *link)
{
	getcontext(u);
	u->uc_stack = (stack_t){.ss_sp = stack(), .ss_size = STACK};
	u->uc_link = link;
}

/* Back to where it was saved, several times. */
static void again(void)
{
	volatile int times = 0;
	register int kept __asm__("r14") = 77;
	int r;

	__asm__ volatile("" : "+r"(kept));
	r = getcontext(&other);
	times++;
	__asm__ volatile("" : "+r"(kept));
	if (times < 5)
		setcontext(&other);
	printf("again %d %d %d\n", times, r, kept);
}

static void told(int a, int b, int c, int d, int e, int f, int g, int h, int i)
{
	int local;

	printf("told %d %d %d %d %d %d %d %d %d, %d, on its stack %d\n", a, b, c, d, e, f, g, h, i,
	       (int)((unsigned long)__builtin_frame_address(0) % 16),
	       (char *)&local >= (char *)other.uc_stack.ss_sp &&
		       (char *)&local < (char *)other.uc_stack.ss_sp + STACK);
	printf("%.3f %s\n", 1.0 / 3, strerror(ENOENT));
}

static void arguments(void)
{
	make(&other, &home);
	makecontext(&other, (void (*)(void))told, 9, 1, -2, 3, -4, 5, -6, 7, -8, 9);
	printf("swap %d\n", swapcontext(&home, &other));
	make(&other, &home);
	makecontext(&other, (void (*)(void))told, 3, 10, 20, 30);
}

/* Numbers, one each time that somebody asks. */
static void numbers(int from, int to)
{
	for (int i = from; i < to; i++) {
		steps = i;
		swapcontext(&other, &home);
	}
	steps = -1;
}

static void generator(void)
{
	make(&other, &home);
	makecontext(&other, (void (*)(void))numbers, 2, 5, 15);
	printf("generator");
	for (;;) {
		swapcontext(&home, &other);
		if (steps < 0)
			break;
		printf(" %d", steps);
	}
	printf("\n");
}

static void two(void)
{
	printf(" second");
}

static void one(void)
{
	printf(" first");
}

static void chain(void)
{
	make(&third, &home);
	makecontext(&third, two, 0);
	make(&other, &third);
	makecontext(&other, one, 0);
	printf("chain:");
	swapcontext(&home, &other);
	printf(" home\n");
}

static void masks(void)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	printf(" there %d %d", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
	sigaddset(&now, SIGHUP);
	sigprocmask(SIG_SETMASK, &now, NULL);
	swapcontext(&other, &home);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf(" again %d %d", sigismember(&now, SIGUSR1), sigismember(&now, SIGHUP));
}

static void blocked(void)
{
	sigset_t now;

	make(&other, &home);
	sigemptyset(&other.uc_sigmask);
	sigaddset(&other.uc_sigmask, SIGUSR2);
	makecontext(&other, masks, 0);
	sigemptyset(&now);
	sigaddset(&now, SIGUSR1);
	sigprocmask(SIG_SETMASK, &now, NULL);
	printf("masks");
	swapcontext(&home, &other);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf(" home %d %d %d", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2),
	       sigismember(&now, SIGHUP));
	swapcontext(&home, &other);
	sigemptyset(&now);
	sigprocmask(SIG_SETMASK, &now, NULL);
	printf("\n");
}

static void rounding(void)
{
	printf(" there %d", fegetround() == FE_TONEAREST);
	fesetround(FE_DOWNWARD);
	swapcontext(&other, &home);
	printf(" again %d", fegetround() == FE_DOWNWARD);
}

static void control(void)
{
	make(&other, &home);
	makecontext(&other, rounding, 0);
	fesetround(FE_UPWARD);
	printf("rounding");
	swapcontext(&home, &other);
	printf(" home %d", fegetround() == FE_UPWARD);
	swapcontext(&home, &other);
	printf(" home %d\n", fegetround() == FE_UPWARD);
	fesetround(FE_TONEAREST);
}

static ucontext_t of[MANY];
static long sum;

static void worker(int n)
{
	char line[40];

	for (int i = 0; i < ROUNDS; i++) {
		int bytes = snprintf(line, sizeof(line), "%d %d", n, i);
		char *copy = malloc((size_t)bytes + 1);

		strcpy(copy, line);
		sum += n * i + bytes;
		swapcontext(&of[n], n + 1 < MANY ? &of[n + 1] : &home);
		sum += strcmp(copy, line) == 0;
		free(copy);
	}
}

/* Each goes on with the next one; the last with who began. */
static void many(void)
{
	for (int i = 0; i < MANY; i++) {
		make(&of[i], i + 1 < MANY ? &of[i + 1] : &home);
		makecontext(&of[i], (void (*)(void))worker, 1, i);
	}
	for (int i = 0; i <= ROUNDS; i++)
		swapcontext(&home, &of[0]);
	printf("many %ld\n", sum);
	for (int i = 0; i < MANY; i++)
		munmap(of[i].uc_stack.ss_sp, STACK);
}

static void tick(int n)
{
	(void)n;
	steps++;
}

/* Signals and new pages while on such a stack. */
static void disturbed(void)
{
	volatile char room[STACK / 2];

	for (size_t i = 0; i < sizeof(room); i += 512)
		room[i] = (char)i;
	while (steps < 20)
		;
	printf("disturbed %d %d\n", room[512 * 3] == (char)(512 * 3), steps >= 20);
}

static void signals(void)
{
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	struct itimerspec often = {{0, 1000000}, {0, 1000000}};
	timer_t timer;

	steps = 0;
	signal(SIGALRM, tick);
	timer_create(CLOCK_MONOTONIC, &e, &timer);
	timer_settime(timer, 0, &often, NULL);
	make(&other, &home);
	makecontext(&other, disturbed, 0);
	swapcontext(&home, &other);
	timer_delete(timer);
}

static void leave(int n)
{
	(void)n;
	setcontext(&home);
}

/* From a handler to what was saved before, with its mask. */
static void from_handler(void)
{
	volatile int times = 0;
	sigset_t now;

	signal(SIGUSR1, leave);
	getcontext(&home);
	if (times++ < 3)
		raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("from a handler %d %d\n", times, sigismember(&now, SIGUSR1));
}

static void family(void)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (!child) {
		printf("child\n");
		return;
	}
	waitpid(child, &status, 0);
	printf("parent: %d\n", WEXITSTATUS(status));
}

static void forks(void)
{
	pid_t me = getpid();

	make(&other, &home);
	makecontext(&other, family, 0);
	swapcontext(&home, &other);
	if (getpid() != me) {
		fflush(stdout);
		_exit(3);
	}
}

/* The same on a stack that lies above what is in use of another one. */
static __attribute__((noinline)) void below(char *room)
{
	volatile char used[4 * 4096];
	int sum = 0;

	memset((char *)used, 3, sizeof(used));
	getcontext(&other);
	other.uc_stack = (stack_t){.ss_sp = room, .ss_size = STACK};
	other.uc_link = &home;
	makecontext(&other, family, 0);
	swapcontext(&home, &other);
	for (size_t i = 0; i < sizeof(used); i++)
		sum += used[i];
	printf("below: %d\n", sum);
}

static void inside(void)
{
	char room[STACK];
	pid_t me = getpid();

	below(room);
	if (getpid() != me) {
		fflush(stdout);
		_exit(4);
	}
}

static void *thread(void *arg)
{
	ucontext_t here, there;

	(void)arg;
	make(&there, &here);
	makecontext(&there, (void (*)(void))two, 0);
	swapcontext(&here, &there);
	printf(" thread\n");
	return NULL;
}

static void last(void)
{
	printf("no link\n");
}

int main(int argc, char **argv)
{
	pthread_t t;

	if (argc > 1 && !strcmp(argv[1], "end")) {
		make(&other, NULL);
		makecontext(&other, last, 0);
		setcontext(&other);
		return 9;
	}
	if (argc > 1 && !strcmp(argv[1], "thread")) {
		for (int i = 0; i < 3; i++) {
			pthread_create(&t, NULL, thread, NULL);
			pthread_join(t, NULL);
		}
		return 0;
	}
	again();
	arguments();
	generator();
	chain();
	blocked();
	control();
	many();
	signals();
	from_handler();
	forks();
	inside();
	return 0;
}
