/* arena_server.c - shared state in an environment of its own, asked through shared pages.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A request costs a notify, a directed yield to the server and the way back.  What it costs
 * besides is measured without any of them: the same request, handled by a function.
 */
#include "arena.h"

#include <exo/stubs.h>

enum state { IDLE, ASKED, DONE };
enum operation { MOVE, WRITE, READ };

/* One client's page; the server does not trust what it says any longer than it looks. */
static struct request {
	volatile uint32_t state, sleeping;
	uint32_t operation, pipe, bytes;
	uint64_t result;
	char data[MESSAGE_MAX];
} request[WHO_MAX];

/* The server's own. */
static uint64_t offset;
static struct pipe pipes[2];

static void reply(uint32_t who, uint64_t result)
{
	request[who].result = result;
	__atomic_store_n(&request[who].state, DONE, __ATOMIC_SEQ_CST);
	if (request[who].sleeping)
		exo_notify(PEER(who), 0, WAKE);
}

static void feed(struct pipe *p)
{
	uint32_t who = p->waiter - 1;

	p->waiter = 0;
	reply(who, pipe_take(p, request[who].data));
}

static void serve(uint32_t who)
{
	struct request *r = &request[who];
	struct pipe *p = &pipes[r->pipe & 1];
	uint32_t n = r->bytes;

	if (r->state != ASKED)
		return;
	switch (r->operation) {
	case MOVE:
		reply(who, offset += n);
		break;
	case WRITE:
		if (n > MESSAGE_MAX)
			n = MESSAGE_MAX;
		pipe_put(p, r->data, n);
		reply(who, n);
		if (p->waiter)
			feed(p);
		break;
	case READ:
		p->waiter = who + 1;
		if (p->used)
			feed(p);
	}
}

void server_main(void *arg)
{
	(void)arg;
	for (;;) {
		uint64_t asked = xo_events_take(xo_self(), ~0ul);

		for (uint32_t who = 0; asked; who++, asked >>= 1)
			if (asked & 1 && who < WHO_MAX)
				serve(who);
		exo_sleep(~0ul, 0, EXO_SLOT_NONE, 0);
	}
}

struct request *server_post(void)
{
	struct request *r = &request[me()];

	r->sleeping = 0;
	__atomic_store_n(&r->state, ASKED, __ATOMIC_SEQ_CST);
	exo_notify(PEER(SERVER), 0, 1ull << me());
	return r;
}

static uint64_t call(uint32_t operation, uint32_t pipe, uint32_t bytes)
{
	struct request *r = &request[me()];

	r->operation = operation;
	r->pipe = pipe;
	r->bytes = bytes;
	server_post();
	exo_yield(PEER(SERVER), 0);
	while (r->state != DONE) {
		xo_events_take(xo_self(), WAKE);
		r->sleeping = 1;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (r->state != DONE)
			exo_sleep(WAKE, 0, EXO_SLOT_NONE, 0);
	}
	return r->result;
}

static uint64_t server_move(uint32_t by)
{
	return call(MOVE, 0, by);
}

static void server_write(uint32_t pipe, const void *from, uint32_t n)
{
	memcpy(request[me()].data, from, n);
	call(WRITE, pipe, n);
}

static uint32_t server_read(uint32_t pipe, void *to)
{
	uint32_t n = call(READ, pipe, 0);

	memcpy(to, request[me()].data, n);
	return n;
}

const struct design server_design = {server_move, server_write, server_read};
