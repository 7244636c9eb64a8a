/* upcall.c - what the kernel tells us while something else runs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Compiled without vector registers: those of the interrupted code are still
 * in the processor.  Handlers are called with them saved.
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/crash.h>
#include <libexo/upcall.h>
#include <mini/cpu.h>
#include <mini/exit.h>
#include <mini/fault.h>

#define VECTORS     32
#define PAGE_FAULT  14
#define EVENT_MASK  0 /* in exo_activation.user: the bits that have a handler */
#define STACK_BYTES (4 * EXO_PAGE_SIZE)

/* Large enough for the vector registers and a handler in C. */
const uint32_t xo_upcall_stack_bytes = STACK_BYTES;
char xo_upcall_stacks[EXO_FRAME_DEPTH * STACK_BYTES] __attribute__((aligned(64)));

static mini_handler *handlers[VECTORS];
static void (*event_handler)(uint64_t bits);

struct exception {
	mini_handler *handler;
	struct exo_frame *frame;
	uint64_t addr;
};

static long call_handler(void *arg)
{
	const struct exception *e = arg;

	return e->handler(e->frame, e->addr);
}

static long call_event(void *arg)
{
	event_handler(*(uint64_t *)arg);
	return 0;
}

void mini_events_deliver(void)
{
	struct exo_activation *a = xo_self();
	uint64_t bits = xo_events_take(a, a->user[EVENT_MASK]);

	if (bits)
		xo_vector_call(call_event, &bits);
}

static bool handle(struct exo_frame *frame, uint64_t kind, uint64_t addr)
{
	struct exception e = {.frame = frame, .addr = addr};

	if (kind == EXO_UP_EVENT) {
		mini_events_deliver();
		return true;
	}
	if (kind < EXO_UP_EXCEPTION)
		return false;
	e.handler = handlers[(kind - EXO_UP_EXCEPTION) % VECTORS];
	return e.handler && xo_vector_call(call_handler, &e);
}

void exo_upcall(struct exo_frame *frame, uint64_t kind, uint64_t addr)
{
	struct exo_activation *a = xo_self();

	if (!handle(frame, kind, addr))
		mini_crash(frame);
	/* What was held back because we were deep in upcalls. */
	if (!a->critical && __atomic_exchange_n(&a->pending, 0, __ATOMIC_ACQ_REL))
		mini_events_deliver();
}

void mini_on_exception(unsigned vector, mini_handler *handler)
{
	handlers[vector % VECTORS] = handler;
}

void mini_on_fault(mini_handler *handler)
{
	mini_on_exception(PAGE_FAULT, handler);
}

void mini_on_event(uint64_t mask, void (*handler)(uint64_t bits))
{
	struct exo_activation *a = xo_self();

	event_handler = handler;
	a->user[EVENT_MASK] = mask;
	a->want |= EXO_WANT_EVENT;
	mini_events_deliver();
}

/* Linux's number for each exception's cause (signal(7)). */
static int cause(uint64_t kind)
{
	static const uint8_t causes[VECTORS] = {
		8, 5, 7, 5, 11, 11, 4, 8, 7, 8, 11, 7, 7, 11, 11, 7, 8, 7, 7, 8,
	};
	uint8_t c = causes[(kind - EXO_UP_EXCEPTION) % VECTORS];

	return kind >= EXO_UP_EXCEPTION && c ? c : 11;
}

void mini_crash(const struct exo_frame *frame)
{
	static uint32_t crashing;

	/* A second crash, in the report or on another CPU, only ends. */
	if (__atomic_exchange_n(&crashing, 1, __ATOMIC_ACQ_REL))
		exo_env_stop(EXO_SLOT_NONE, 128 + cause(frame->kind));
	xo_crash_report(frame, xo_console_write);
	mini_exit(128 + cause(frame->kind));
}
