/* replies.c - replies that are forged, given twice or by another, and callers and callees that go
 * away in the midst of a call.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/call.h>

#define DOOR     40
#define SLICE_NS 1000000
#define TRUE     0x7255e
#define FORGED   0xf0f0f

static volatile uint32_t entered, go_on, forged, beats;
static volatile long result;
static struct exo_message got;

static uint64_t stopped(enum exo_stop reason, uint32_t code)
{
	return EXO_STATUS_STOPPED | (uint64_t)reason << 32 | code;
}

/* Holds its caller until it is told to go on, then says the truth. */
static void holds(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		entered++;
		while (!go_on)
			exo_yield(EXO_SLOT_NONE, 0);
		m = (struct exo_message){0, {TRUE, TRUE, TRUE}};
	}
}

/* Replies although nobody called, again and again. */
static void forges(void *arg)
{
	struct exo_message m;

	(void)arg;
	for (;;) {
		m = (struct exo_message){FORGED, {FORGED, FORGED, FORGED}};
		forged++;
		xo_reply(EXO_CALL_HOW(0, DOOR, DOOR), &m); /* with a capability along */
		xo_reply(0, &m);
	}
}

/* Replies twice to the same caller, the second time with lies. */
static void replies_twice(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_reply(0, &m);
	for (;;) {
		m = (struct exo_message){0, {TRUE, TRUE, TRUE}};
		entered++;
		xo_reply(0, &m);
		m = (struct exo_message){FORGED, {FORGED, FORGED, FORGED}};
		xo_reply(0, &m);
	}
}

static void calls_once(void *arg)
{
	(void)arg;
	got = (struct exo_message){0, {1, 2, 3}};
	result = xo_call(DOOR, 0, 0, &got);
	kt_exit(5);
}

/* An activation without slices, brought to where it waits to be called. */
static void open(struct kt_child *c, void (*fn)(void *))
{
	KT_OK(kt_child_make(c, fn, NULL));
	KT_EQ(kt_child_start(c, 0, 1), 0);
	kt_child_opens(c, 1);
}

static void reset(void)
{
	entered = go_on = forged = 0;
	result = 99;
}

static void calls(struct kt_child *c, const struct kt_child *whom, uint32_t cpu, uint32_t slot)
{
	KT_OK(kt_child_make(c, calls_once, NULL));
	KT_EQ(exo_cap_derive(whom->slot, c->slot, DOOR, 0, 1, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(c, cpu, slot), 0);
}

static void wait_entered(void)
{
	for (exo_ns_t end = xo_now() + 60000 * KT_NS_PER_MS; !entered && xo_now() < end;)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(entered);
}

/* While one is served somebody else replies, with all its might. */
static void by_a_stranger(void)
{
	static struct kt_child server, stranger, client;

	reset();
	open(&server, holds);
	calls(&client, &server, 0, 2);
	wait_entered();
	KT_OK(kt_child_make(&stranger, forges, NULL));
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, stranger.slot, DOOR, 0, 1, EXO_RIGHT_DERIVE), 0);
	KT_EQ(exo_cap_derive(client.slot, stranger.slot, DOOR + 1, 0, 2, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(&stranger, kt_cpus() - 1, 3), 0);
	for (int i = 0; i < 20; i++)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(kt_reaches((const uint32_t *)&forged, 1));
	KT_EQ(result, 99); /* it still waits */
	go_on = 1;
	KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 5));
	KT_EQ(result, 0);
	for (int i = 0; i < 3; i++)
		KT_EQ(got.word[i], TRUE);
	kt_child_end(&stranger);
	kt_child_end(&client);
	kt_child_end(&server);
}

/* The server's other activation replies in place of the one that was called. */
static void other_activation(void *arg)
{
	struct exo_message m = {FORGED, {FORGED, FORGED, FORGED}};

	(void)arg;
	forged++;
	xo_reply(0, &m);
	for (;;)
		exo_yield(EXO_SLOT_NONE, 0);
}

static void by_another_activation(void)
{
	static struct kt_child server, client;
	static struct xo_begin begin;
	exo_pfn_t pfn = kt_frames(6);
	exo_va_t va = kt_va_tables(6);
	struct xo_space space = kt_space;

	reset();
	open(&server, holds);
	space.env = server.slot;
	KT_EQ(kt_map(va, pfn, 6, KT_RW), 0);
	memset((void *)va, 0, 6 * EXO_PAGE_SIZE);
	KT_EQ(xo_map_run(&space, va, pfn, 6, KT_RW, EXO_SLOT_MEMORY), 0);
	begin = (struct xo_begin){.sp = va + 6 * EXO_PAGE_SIZE,
				  .activation = (struct exo_activation *)va,
				  .fn = other_activation};
	xo_activation_init(begin.activation, 1, (char *)va + 2 * EXO_PAGE_SIZE, 1024);
	KT_EQ(exo_activation_bind(server.slot, 1, EXO_SLOT_MEMORY, pfn, (uint64_t)&begin), 0);
	calls(&client, &server, 0, 2);
	wait_entered();
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, kt_cpus() - 1, 3, server.slot, 1, SLICE_NS), 0);
	for (int i = 0; i < 20; i++)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(kt_reaches((const uint32_t *)&forged, 1));
	KT_EQ(result, 99);
	go_on = 1;
	KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 5));
	KT_EQ(result, 0);
	KT_EQ(got.word[0], TRUE);
	kt_child_end(&client);
	kt_child_end(&server);
	KT_EQ(kt_unmap(va, 6), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 6), 0);
}

static void twice(void)
{
	static struct kt_child server;
	struct exo_message m;

	reset();
	open(&server, replies_twice);
	for (int i = 0; i < 10; i++) {
		/* The second reply answers nobody: the next caller's words come in it, and what
		 * it gets is what is said after that. */
		m = (struct exo_message){0, {7, 8, 9}};
		KT_EQ(xo_call(server.slot, 0, 0, &m), 0);
		KT_EQ(m.badge, 0);
		KT_EQ(m.word[0], i % 2 ? FORGED : TRUE);
	}
	kt_child_end(&server);
}

/* A caller spoils the frame that the reply would come into; the reply must hurt only it. */
static void spoils(struct kt_child *client, uint32_t depth)
{
	client->act->depth = depth;
	client->act->frame[0].rip = 0x8000000000000000;
	client->act->frame[0].cs = 8;
	go_on = 1;
}

static void into_a_spoilt_frame(void)
{
	static const uint32_t depths[] = {
		0, 2, EXO_FRAME_DEPTH, EXO_FRAME_DEPTH + 1, 0x7fffffff, 0xffffffff};
	static struct kt_child server, client;
	struct exo_message m;

	open(&server, holds);
	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		reset();
		calls(&client, &server, 0, 2);
		wait_entered();
		spoils(&client, depths[i]);
		KT_EQ(EXO_STATUS_REASON(kt_child_wait(&client)), EXO_STOP_UPCALL);
		KT_EQ(result, 99);
		kt_child_end(&client);
		m = (struct exo_message){0};
		KT_EQ(xo_call(server.slot, 0, 0, &m), 0); /* it serves others */
		KT_EQ(m.word[0], TRUE);
	}
	kt_child_end(&server);
}

static struct exo_frame fault;

static bool records(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	(void)addr;
	if (kind < EXO_UP_EXCEPTION)
		return false;
	fault = *f;
	exo_env_stop(EXO_SLOT_NONE, 6);
	return true;
}

/* It goes on from registers that no processor takes: at address 0, in ring 3, with flags and bases
 * that are its own to have. */
static void into_wild_registers(void)
{
	static const uint64_t rips[] = {0x8000000000000000, 1ull << 47, 0xffff800000000000,
					0xffffffff80000000, ~0ull};
	static struct kt_child server, client;
	struct exo_frame *f;

	open(&server, holds);
	kt_hook = records;
	for (size_t i = 0; i < sizeof(rips) / sizeof(rips[0]); i++) {
		reset();
		calls(&client, &server, 0, 2);
		wait_entered();
		KT_EQ(client.act->depth, 1);
		f = &client.act->frame[0];
		f->rip = rips[i];
		f->rflags = ~0x100ull; /* the trap flag is its own, too, and would come first */
		f->cs = 8;
		f->fsbase = 1ull << 47;
		f->gsbase = ~0ull >> 1;
		go_on = 1;
		KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 6));
		KT_EQ(fault.kind, EXO_UP_EXCEPTION + 14);
		KT_EQ(fault.rip, 0);
		KT_EQ(fault.cs, EXO_USER_CS);
		KT_EQ(fault.rflags & ~0x250ed5ull, 0x2); /* and RF, which a fault sets */
		KT_EQ(fault.rflags & 0x200, 0x200);
		KT_EQ(fault.fsbase, 0);
		KT_EQ(fault.gsbase, 0);
		kt_child_end(&client);
	}
	kt_hook = NULL;
	kt_child_end(&server);
}

/* Who is called is stopped, loses its stack or its activation while it serves. */
static void serves_for_ever(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_reply(0, &m);
	entered++;
	for (;;)
		beats++;
}

static void gone_midway(void)
{
	static struct kt_child server, client;
	exo_cap_t lent = kt_slot();
	exo_va_t stack;

	for (int how = 0; how < 3; how++) {
		reset();
		KT_OK(kt_child_make(&server, serves_for_ever, NULL));
		KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, lent, server.act_pfn, 2, 0x8b),
		      0);
		KT_EQ(exo_cap_derive(lent, server.slot, 41, server.act_pfn, 2, 11), 0);
		KT_EQ(exo_activation_bind(server.slot, 0, 41, server.act_pfn,
					  (uint64_t)&server.begin),
		      0);
		KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, server.slot, 0, SLICE_NS), 0);
		kt_child_opens(&server, 1);
		calls(&client, &server, kt_cpus() - 1, 2);
		wait_entered();
		stack = (exo_va_t)server.act + 2 * EXO_PAGE_SIZE;
		switch (how) {
		case 0: /* stopped from here, wherever it runs */
			KT_EQ(exo_env_stop(server.slot, 1), 0);
			break;
		case 1: /* the frames of its activation are revoked */
			while (exo_cap_revoke(lent) == 1)
				;
			break;
		case 2: /* its stack is unmapped, and its code */
			for (exo_va_t va = stack; va < stack + 16 * EXO_PAGE_SIZE;
			     va += EXO_PAGE_SIZE)
				xo_unmap_run(&(struct xo_space){.env = server.slot}, va, 1);
			for (exo_va_t va = (exo_va_t)__text_start & -(uint64_t)EXO_PAGE_SIZE;
			     va < (exo_va_t)__text_end; va += EXO_PAGE_SIZE)
				xo_unmap_run(&(struct xo_space){.env = server.slot}, va, 1);
			break;
		}
		KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 5));
		KT_ERR(result, STALE);
		KT_OK(exo_env_status(server.slot) & EXO_STATUS_STOPPED);
		kt_child_end(&client);
		kt_child_end(&server);
		while (exo_cap_drop(lent) == 1)
			;
	}
}

/* A capability that goes along is revoked, or its place filled, while it is on its way. */
static void capability_on_the_way(void)
{
	static struct kt_child server;
	exo_cap_t give = kt_slot(), full = kt_slot();
	struct exo_message m = {0};
	exo_pfn_t f = kt_frame();

	reset();
	open(&server, forges); /* receives in DOOR */
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, give, f, 1, 0x81), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, full, f, 1, 0x01), 0);
	KT_ERR(xo_call(server.slot, EXO_CALL_HOW(0, full, 0), 0, &m), CAP); /* lacks DERIVE */
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, server.slot, DOOR, f, 1, 0), 0);
	KT_ERR(xo_call(server.slot, EXO_CALL_HOW(0, give, 0), 0, &m), EXIST);
	/* A call that failed has begun nothing: the server still waits. */
	KT_EQ(exo_env_status(server.slot), 0);
	KT_ERR(xo_call(server.slot, EXO_CALL_HOW(0, kt_slot(), 0), 0, &m), CAP);
	kt_child_end(&server);
	KT_EQ(exo_cap_drop(give), 0);
	KT_EQ(exo_cap_drop(full), 0);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, f, 1), 0);
}

const struct ktest ktests[] = {
	{"reply-by-a-stranger", by_a_stranger, 1},
	{"reply-by-another-activation", by_another_activation, 1},
	{"reply-given-twice", twice, 1},
	{"reply-into-a-spoilt-frame", into_a_spoilt_frame, 1},
	{"reply-into-wild-registers", into_wild_registers, 1},
	{"callee-gone-midway", gone_midway, 1},
	{"call-capability-refused", capability_on_the_way, 1},
	{NULL, NULL, 0},
};
