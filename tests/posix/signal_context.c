/* signal_context.c - what is interrupted finds all registers, flags and errno as they were.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * CPUS: 1 2
 */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t ticks, spoilt, again;
static volatile double sink;

/* Spoils whatever it can. */
static void handler(int n, siginfo_t *info, void *context)
{
	double x = 1.0 + ticks;

	ticks++;
	spoilt += fegetround() != FE_TONEAREST;
	if (again) { /* the next one begins when this one ends */
		again = 0;
		raise(n);
	}
	fesetround(FE_UPWARD);
	for (int i = 0; i < 4; i++)
		x = sqrt(x * 1.5 + i);
	sink = x;
	__asm__ volatile("pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm7, %%xmm7; pcmpeqd %%xmm15, "
			 "%%xmm15; std; cld; stc"
			 :
			 :
			 : "xmm0", "xmm7", "xmm15", "cc");
	close(-1);
	(void)info, (void)context;
}

/* A sum that shows if any register was spoilt: general ones, xmm and x87. */
static __attribute__((noinline, noclone)) unsigned long work(volatile unsigned long rounds)
{
	unsigned long a = 1, b = 2, c = 3, d = 5;
	double x = 1, y = 2, z = 3;
	long double w = 1;

	for (unsigned long i = 0; i < rounds; i++) {
		a = a * 6364136223846793005ul + 1442695040888963407ul;
		b ^= a >> 29;
		c += b * 3;
		d = (d << 7 | d >> 57) + c;
		x = x * 1.0000001 + 0.5;
		y = y + x * 0.25;
		z = z * 0.999 + y;
		w = w * 1.00000001L + 1;
	}
	return a ^ b ^ c ^ d ^ (unsigned long)x ^ (unsigned long)y ^ (unsigned long)z ^
	       (unsigned long)w;
}

static void skip(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	u->uc_mcontext.gregs[REG_RIP] += 2;
	u->uc_mcontext.gregs[REG_RAX] = 55;
	u->uc_mcontext.gregs[REG_R15] += 3;
	u->uc_mcontext.fpregs->_xmm[6].element[0] = 0x42424242;
	(void)n, (void)info;
}

static void set(int n, void *f)
{
	struct sigaction a;

	memset(&a, 0, sizeof(a));
	a.sa_sigaction = f;
	a.sa_flags = SA_SIGINFO;
	sigaction(n, &a, NULL);
}

static void *busy(void *result)
{
	*(unsigned long *)result = work(1000000);
	return NULL;
}

int main(void)
{
	struct itimerval t = {.it_value = {0, 5000}, .it_interval = {0, 5000}}, off = {{0}};
	unsigned long expected, got[2], rax, r15, element;
	pthread_t other;
	int bad = 0, tries = 0;

	set(SIGALRM, handler);
	setitimer(ITIMER_REAL, &t, NULL);
	fesetround(FE_DOWNWARD);
	expected = work(1000000);
	errno = 4711;
	while (ticks < 20 && tries++ < 1000)
		bad += work(1000000) != expected;
	printf("%d %d %d %d\n", ticks >= 20, bad, fegetround() == FE_DOWNWARD, spoilt);
	fesetround(FE_TONEAREST);
	expected = work(1000000);
	printf("%d\n", errno == 4711 || errno == EBADF);
	/* Two threads, both interrupted. */
	ticks = 0;
	pthread_create(&other, NULL, busy, &got[0]);
	while (ticks < 20)
		pthread_kill(other, SIGALRM), usleep(500);
	busy(&got[1]);
	pthread_join(other, NULL);
	setitimer(ITIMER_REAL, &off, NULL);
	printf("%d %d\n", got[0] == expected, got[1] == expected);
	again = 1;
	set(SIGUSR1, handler);
	raise(SIGUSR1);
	printf("%d %d\n", spoilt, again);
	/* What a handler changes. */
	set(SIGILL, skip);
	__asm__ volatile("mov $4, %%r15\n\t"
			 "pxor %%xmm6, %%xmm6\n\t"
			 "ud2\n\t"
			 "mov %%r15, %1\n\t"
			 "movq %%xmm6, %2"
			 : "=a"(rax), "=&d"(r15), "=&c"(element)
			 :
			 : "r15", "xmm6");
	printf("%lu %lu %lx\n", rax, r15, element);
	return 0;
}
