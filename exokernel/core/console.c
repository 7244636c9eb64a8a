/* console.c - bytes between the first environment's rings and COM1.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The kernel consumes `out` and produces `in`.  Its own indices are kept here;
 * those in the shared page are only published.  Under the kernel lock.
 */
#include <core/calls.h>
#include <core/cap.h>
#include <core/console.h>
#include <core/slice.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <x86_64/cpu.h>
#include <x86_64/serial.h>

#define STEP     224 /* bytes moved in one go with interrupts off */
#define IN_SIZE  sizeof(((struct exo_console *)0)->in_data)
#define OUT_SIZE sizeof(((struct exo_console *)0)->out_data)

static struct env *owner;
static struct exo_console *rings;
static uint32_t out_tail, in_head;
static bool was_full;

void console_bind(struct env *env, exo_pfn_t pfn)
{
	owner = env;
	rings = direct(pfn);
}

/* Bytes waiting in `out`: what does not make sense counts as none. */
static uint32_t waiting(void)
{
	uint32_t n = __atomic_load_n(&rings->out.head, __ATOMIC_ACQUIRE) - out_tail;

	return n <= OUT_SIZE ? n : 0;
}

static void drain(uint32_t most)
{
	uint32_t n = waiting();

	was_full |= n == OUT_SIZE;
	while (n && most && serial_ready())
		for (int i = 0; i < SERIAL_BURST && n && most; i++, n--, most--)
			serial_out(rings->out_data[out_tail++ % OUT_SIZE]);
	__atomic_store_n(&rings->out.tail, out_tail, __ATOMIC_RELEASE);
	if (was_full && n <= OUT_SIZE / 2) {
		was_full = false;
		slice_notify(owner, 0, EXO_EVENT_CONSOLE_OUT);
	}
}

static void fill(void)
{
	uint32_t before = in_head;

	while (in_head - __atomic_load_n(&rings->in.tail, __ATOMIC_ACQUIRE) < IN_SIZE &&
	       in_head - before < STEP && serial_has_input())
		rings->in_data[in_head++ % IN_SIZE] = serial_in();
	if (in_head == before)
		return;
	__atomic_store_n(&rings->in.head, in_head, __ATOMIC_RELEASE);
	slice_notify(owner, 0, EXO_EVENT_CONSOLE_IN);
}

/* Interrupts for what is still to do: output while some waits, input while
 * there is room for it - a full ring holds the line back, nothing is lost. */
void console_interrupt(void)
{
	if (!rings)
		return;
	fill();
	drain(STEP);
	serial_interrupts(waiting() != 0,
			  in_head - __atomic_load_n(&rings->in.tail, __ATOMIC_RELAXED) < IN_SIZE);
}

void console_finish(void)
{
	for (uint32_t n = rings ? waiting() : 0; n; n--)
		serial_put(rings->out_data[out_tail++ % OUT_SIZE]);
	serial_flush(); /* what is in it goes with the power */
}

long sys_console_kick(struct env *self, exo_cap_t slot)
{
	if (!cap_get(self, slot, EXO_CAP_CONSOLE, EXO_RIGHT_USE))
		return -EXO_E_CAP;
	console_interrupt();
	return 0;
}
