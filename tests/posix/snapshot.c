/* snapshot.c - fork while another thread changes memory: the child sees one moment of it.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * CPUS: 1 2
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE   4096
#define APART  400 /* pages between the two that change, each unlike its neighbours */
#define ROUNDS 12
#define ENOUGH 200 /* ms for each kind of change, on a machine that has much else to do */
#define BRK    (16 * PAGE)

static char *low, *high, *base;
static int fds[2], id;
static sem_t go, halted;
static void (*volatile change)(void);
static volatile bool halt;
static volatile long turns;

/* Where low and high may lie, with much between them that a fork has to go through. */
static void prepare(void)
{
	low = mmap(NULL, (APART + 2) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	high = low + (APART + 1) * PAGE;
	for (int i = 1; i <= APART; i++) {
		low[i * PAGE] = 1;
		if (i % 2)
			mprotect(low + i * PAGE, PAGE, PROT_READ);
	}
	pipe(fds);
	base = sbrk(0);
	id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Between two changes, so that others get their turn, too. */
static void think(void)
{
	for (volatile int n = 0; n < 1000; n++)
		;
}

static void map(char *at)
{
	mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static bool there(char *at)
{
	unsigned char in;

	return mincore(at, PAGE, &in) == 0;
}

static bool writable(char *at)
{
	return write(fds[1], "x", 1) == 1 && read(fds[0], at, 1) == 1;
}

/* One of them is mapped at any time. */
static void maps(void)
{
	map(low);
	munmap(high, PAGE);
	think();
	map(high);
	munmap(low, PAGE);
}

static bool mapped(void)
{
	return there(low) || there(high);
}

static void protects(void)
{
	mprotect(low, PAGE, PROT_READ | PROT_WRITE);
	mprotect(high, PAGE, PROT_NONE);
	think();
	mprotect(high, PAGE, PROT_READ | PROT_WRITE);
	mprotect(low, PAGE, PROT_READ);
}

static bool protected(void)
{
	return writable(low) || writable(high);
}

/* Never both, and with what was written. */
static void moves(void)
{
	mremap(low, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, high);
	think();
	mremap(high, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, low);
}

static bool moved(void)
{
	return there(low) + there(high) == 1 && *(there(low) ? low : high) == 'm';
}

static void attaches(void)
{
	shmat(id, low, 0);
	shmdt(high);
	think();
	shmat(id, high, 0);
	shmdt(low);
}

/* High is never ahead of low. */
static void writes(void)
{
	++*(volatile long *)low;
	++*(volatile long *)high;
}

static bool written(void)
{
	long ahead = *(long *)low - *(long *)high;

	return ahead == 0 || ahead == 1;
}

static void breaks(void)
{
	sbrk(BRK);
	sbrk(-BRK);
}

static bool broken(void)
{
	char *top = sbrk(PAGE);

#ifdef __linux__
	return true; /* its end of the heap is not of the same moment */
#endif
	if (top == (char *)-1)
		return false;
	for (char *at = base; at < top + PAGE; at += PAGE)
		if (!writable(at))
			return false;
	return true;
}

static void *nothing(void *arg)
{
	return arg;
}

static bool threads(void)
{
	pthread_t t[3];
	void *r;

	for (int i = 0; i < 3; i++)
		if (pthread_create(&t[i], NULL, nothing, &t[i]))
			return false;
	for (int i = 0; i < 3; i++)
		if (pthread_join(t[i], &r) || r != &t[i])
			return false;
	return true;
}

static void makes(void)
{
	threads();
}

/* The other thread: in the middle of something while the first one forks, else idle. */
static void *again(void *unused)
{
	for (;;) {
		sem_wait(&go);
		for (; !halt; turns++) {
			change();
			think();
		}
		sem_post(&halted);
	}
	return unused;
}

static void play(const char *name, void (*what)(void), bool (*good)(void))
{
	int bad = 0, status;
	long from = now();

	change = what;
	for (int i = 0; i < ROUNDS && (i < 2 || now() < from + ENOUGH); i++) {
		long before = turns;
		pid_t pid;

		halt = false;
		sem_post(&go);
		while (turns == before)
			sched_yield();
		pid = fork();
		if (!pid)
			_exit(!good());
		halt = true;
		sem_wait(&halted);
		waitpid(pid, &status, 0);
		bad += status != 0;
	}
	printf("%s: %d\n", name, bad);
}

int main(void)
{
	pthread_t t;

	alarm(60);
	setvbuf(stdout, NULL, _IONBF, 0);
	prepare();
	pthread_create(&t, NULL, again, NULL);
	play("maps", maps, mapped);
	map(low), map(high);
	play("protects", protects, protected);
	map(low), map(high);
	*low = 'm';
	munmap(high, PAGE);
	play("moves", moves, moved);
	munmap(low, PAGE), munmap(high, PAGE);
	shmat(id, high, 0);
	play("attaches", attaches, mapped);
	shmctl(id, IPC_RMID, NULL);
	map(low), map(high);
	play("writes", writes, written);
	play("breaks", breaks, broken);
	play("threads", makes, threads);
	return 0;
}
