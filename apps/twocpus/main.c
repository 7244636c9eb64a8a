/* main.c - a program on two CPUs at once.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Both count in turns without sleeping, which takes for ever unless they
 * really run at the same time; then they wake each other from sleep; then one
 * interrupts the other in the midst of its work.
 */
#include <mini/mini.h>

#define TURNS   2000
#define ROUNDS  500
#define PING    MINI_EVENT(0)
#define PONG    MINI_EVENT(1)
#define TAP     MINI_EVENT(2)
#define WORKING MINI_EVENT(3) /* not PONG: two of one bit could become one */
#define TAPPED  MINI_EVENT(4)

static unsigned turn, counts[2], rounds;
static uint64_t taps;
static struct mini_lock lock;
static unsigned shared;

static void take_turns(unsigned me)
{
	while (counts[me] < TURNS) {
		while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) % 2 != me)
			__asm__ volatile("pause");
		counts[me]++;
		__atomic_fetch_add(&turn, 1, __ATOMIC_RELEASE);
	}
}

static void add_together(void)
{
	for (int i = 0; i < TURNS; i++) {
		mini_lock(&lock);
		shared++;
		mini_unlock(&lock);
	}
}

static void tapped(uint64_t bits)
{
	__atomic_fetch_or(&taps, bits, __ATOMIC_RELEASE);
}

static void second(void *arg)
{
	(void)arg;
	take_turns(1);
	add_together();
	for (int i = 0; i < ROUNDS; i++) {
		mini_wait(PING, 0);
		rounds++;
		mini_notify(0, PONG);
	}
	mini_on_event(TAP, tapped);
	mini_notify(0, WORKING);
	while (!__atomic_load_n(&taps, __ATOMIC_ACQUIRE))
		; /* working: only an upcall gets through */
	mini_notify(0, TAPPED);
}

int main(void)
{
	long r;

	if (mini_cpus() < 2) {
		mini_printf("twocpus: this machine has one CPU\n");
		return 1;
	}
	r = mini_start_cpu(1, second, NULL);
	if (r) {
		mini_printf("twocpus: cannot start CPU 1: %s\n", mini_error(r));
		return 1;
	}
	take_turns(0);
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) < 2 * TURNS)
		__asm__ volatile("pause");
	mini_printf("twocpus: %u and %u turns\n", counts[0], counts[1]);
	add_together();
	for (int i = 0; i < ROUNDS; i++) {
		mini_notify(1, PING);
		mini_wait(PONG, 0);
	}
	mini_printf("twocpus: %u rounds, %u counted together\n", rounds, shared);
	mini_wait(WORKING, 0);
	mini_notify(1, TAP);
	mini_wait(TAPPED, 0);
	mini_printf("twocpus: tapped while working: %s\n", taps == TAP ? "yes" : "no");
	return 0;
}
