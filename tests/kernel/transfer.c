/* transfer.c - calls and replies between environments.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <libexo/call.h>

#define BADGE      0x123456789abcdef
#define CHILD_SLOT 40
#define CALL       (EXO_RIGHT_CALL | EXO_RIGHT_DERIVE)
#define FAR_NS     (60000 * KT_NS_PER_MS)

static uint64_t stopped(enum exo_stop reason, uint32_t code)
{
	return EXO_STATUS_STOPPED | (uint64_t)reason << 32 | code;
}

static struct kt_child server;
static exo_cap_t door; /* the server, with a badge */
static volatile uint64_t served;

/* Make the server and let it run up to its first reply; it has no slice of its own then. */
static void open_server(void (*fn)(void *), void *arg)
{
	KT_OK(kt_child_make(&server, fn, arg));
	KT_EQ(kt_child_start(&server, 0, 1), 0);
	kt_child_opens(&server, 1);
	door = kt_slot();
	KT_EQ(exo_cap_derive(server.slot, EXO_SLOT_NONE, door, 0, BADGE, CALL), 0);
}

static void close_server(void)
{
	KT_EQ(exo_cap_drop(door), 0);
	kt_child_end(&server);
}

static long call(uint64_t w0, uint64_t w1, uint64_t w2, struct exo_message *m)
{
	*m = (struct exo_message){0, {w0, w1, w2}};
	return xo_call(door, EXO_CALL_HOW(0, 0, 0), 0, m);
}

/* Answers with sums, and with whom it thinks it talks to. */
static void adds(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		if (xo_reply(0, &m) != 0)
			kt_exit(1);
		served++;
		m.word[0] += m.word[1];
		m.word[1] = m.word[2];
		m.word[2] = m.badge;
	}
}

static void words(void)
{
	struct exo_message m;

	open_server(adds, NULL);
	for (uint64_t i = 0; i < 1000; i++) {
		KT_EQ(call(i, 7, ~i, &m), 0);
		KT_EQ(m.badge, 0);
		KT_EQ(m.word[0], i + 7);
		KT_EQ(m.word[1], ~i);
		KT_EQ(m.word[2], BADGE);
	}
	close_server();
	KT_ERR(call(1, 2, 3, &m), CAP); /* the slot is empty again */
}

static void errors(void)
{
	exo_cap_t mute = kt_slot(), again = kt_slot();
	struct exo_message m;

	open_server(adds, NULL);
	KT_EQ(exo_cap_derive(server.slot, EXO_SLOT_NONE, mute, 0, 0, EXO_RIGHT_NOTIFY), 0);
	KT_ERR(exo_call(mute, 0, 0, 0, 0, 0), CAP);
	KT_ERR(exo_call(EXO_SLOT_NONE, 0, 0, 0, 0, 0), CAP);
	KT_ERR(exo_call(EXO_SLOT_MEMORY, 0, 0, 0, 0, 0), CAP);
	KT_ERR(exo_call(door, EXO_CPU_MAX, 0, 0, 0, 0), INVAL);
	KT_ERR(exo_call(door, 255, 0, 0, 0, 0), INVAL);
	KT_ERR(exo_call(door, 1, 0, 0, 0, 0), STATE);
	KT_ERR(exo_call(EXO_SLOT_SELF, 0, 0, 0, 0, 0), BUSY); /* nobody waits for himself */
	KT_ERR(exo_call(door, EXO_CALL_HOW(0, door, 0), 0, 0, 0, 0), CAP); /* it receives nothing */
	/* A badge is there to stay. */
	KT_EQ(exo_cap_derive(door, EXO_SLOT_NONE, again, 0, 99, EXO_RIGHT_CALL), 0);
	m = (struct exo_message){0, {0}};
	KT_EQ(xo_call(again, 0, 0, &m), 0);
	KT_EQ(m.word[2], BADGE);
	KT_EQ(exo_cap_drop(again), 0);
	KT_EQ(exo_cap_drop(mute), 0);
	KT_EQ(exo_env_stop(server.slot, 0), 0);
	KT_ERR(call(1, 2, 3, &m), STATE);
	close_server();
}

/* Maps the frame it is given, writes, and gives one back. */
static void receives(void *arg)
{
	struct exo_message m = {0};
	exo_va_t va = (exo_va_t)arg;
	long r = xo_reply(EXO_CALL_HOW(0, 0, CHILD_SLOT), &m);

	if (r != 1 || xo_map_run(&(struct xo_space){0}, va, m.word[0], 1, KT_RW, CHILD_SLOT) != 0)
		kt_exit(1);
	*(volatile uint64_t *)va = m.word[1];
	xo_reply(EXO_CALL_HOW(0, CHILD_SLOT, 0), &m);
	kt_exit(2);
}

static void capabilities(void)
{
	exo_va_t va = kt_va_tables(1), here = kt_va_tables(1);
	exo_cap_t give = kt_slot(), get = kt_slot();
	struct xo_space space = kt_space;
	struct exo_message m;
	exo_pfn_t pfn = kt_frame();
	long r;

	open_server(receives, (void *)va);
	space.env = server.slot;
	KT_EQ(xo_map_run(&space, va, kt_frame(), 1, KT_RW, EXO_SLOT_MEMORY), 0); /* tables */
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, give, pfn, 1,
			     EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_DERIVE),
	      0);
	m = (struct exo_message){0, {pfn, 4711, 0}};
	KT_EQ(xo_call(door, EXO_CALL_HOW(0, give, get), 0, &m), 1);
	KT_EQ(kt_op(EXO_MAP_PAGES, here, pfn, 1, EXO_PROT_READ, get), 0);
	KT_EQ(*(volatile uint64_t *)here, 4711);
	while ((r = exo_cap_revoke(give)) == 1)
		;
	KT_EQ(r, 0);
	KT_ERR(exo_cap_drop(get), CAP);
	KT_EQ(xo_entry(here), 0);
	close_server();
}

static void faults(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_reply(0, &m);
	__asm__ volatile("movl $1, 8");
}

static void dies(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_reply(0, &m);
	kt_exit(5);
}

static void never(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_reply(0, &m);
	for (;;)
		served++;
}

static void wait_ns(exo_ns_t ns)
{
	for (exo_ns_t end = xo_now() + ns; xo_now() < end;)
		kt_pause();
}

/* Whoever is called may do what it likes: the caller gets its error. */
static void bad_servers(void)
{
	struct exo_message m;

	open_server(faults, NULL);
	KT_ERR(call(1, 2, 3, &m), STALE);
	close_server();
	open_server(dies, NULL);
	KT_ERR(call(1, 2, 3, &m), STALE);
	KT_EQ(exo_env_status(server.slot), stopped(EXO_STOP_SELF, 5));
	close_server();
	served = 0;
	/* on a busy host 5 ms can be over before anybody runs */
	for (int i = 0; i < 50 && !served; i++) {
		open_server(never, NULL);
		m = (struct exo_message){0};
		wait_ns(30 * KT_NS_PER_MS); /* no slice's end is still to come */
		KT_ERR(xo_call(door, 0, xo_now() + 5 * KT_NS_PER_MS, &m), TIME);
		KT_ERR(call(1, 2, 3, &m), BUSY);
		close_server();
	}
	KT_OK(served > 0);
}

static void calls_on(void *arg)
{
	struct exo_message m = {0, {(uint64_t)arg, 0, 0}};
	long r = xo_call(CHILD_SLOT, 0, 0, &m);

	kt_exit(r ? 100 : (uint32_t)m.word[0]);
}

static struct kt_child client;

static void make_client(void (*fn)(void *), void *arg, exo_cap_t whom, uint32_t cpu)
{
	KT_OK(kt_child_make(&client, fn, arg));
	KT_EQ(exo_cap_derive(whom, client.slot, CHILD_SLOT, 0, 77, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(&client, cpu, 2), 0);
}

/* A client that is stopped while it is served; the server goes on in a slice of its own. */
static void client_dies(void)
{
	struct exo_message m;

	open_server(never, NULL);
	served = 0;
	make_client(calls_on, NULL, door, 0);
	while (!served)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(exo_env_stop(client.slot, 9), 0);
	kt_child_end(&client);
	served = 0;
	for (int i = 0; i < 20; i++)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(served, 0); /* on nobody's time */
	KT_ERR(call(1, 2, 3, &m), BUSY);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, server.slot, 0, 1000000), 0);
	while (!served)
		exo_yield(EXO_SLOT_NONE, 0);
	close_server();
}

/* Clients on all CPUs at one server: it serves one at a time, the others are told. */
static volatile uint32_t done, busy;

static void asks_often(void *arg)
{
	uint64_t n = (uint64_t)arg;

	for (uint64_t i = 0; i < 500;) {
		struct exo_message m = {0, {i, n, n}};
		long r = xo_call(CHILD_SLOT, 0, 0, &m);

		if (r == -EXO_E_BUSY) {
			__atomic_fetch_add(&busy, 1, __ATOMIC_RELAXED);
			exo_yield(EXO_SLOT_NONE, 0);
			continue;
		}
		if (r || m.word[0] != i + n || m.word[1] != n || m.word[2] != n)
			kt_exit(1);
		i++;
	}
	__atomic_fetch_add(&done, 1, __ATOMIC_RELEASE);
	kt_exit(0);
}

static void many_clients(void)
{
	static struct kt_child clients[8];
	uint32_t n = kt_cpus() * 2;

	open_server(adds, NULL);
	/* The badge is whom the capability was made for. */
	for (uint32_t i = 0; i < n; i++) {
		KT_OK(kt_child_make(&clients[i], asks_often, (void *)(uint64_t)(i + 1)));
		KT_EQ(exo_cap_derive(server.slot, clients[i].slot, CHILD_SLOT, 0, i + 1,
				     EXO_RIGHT_CALL),
		      0);
	}
	for (uint32_t i = 0; i < n; i++)
		KT_EQ(kt_child_start(&clients[i], i % kt_cpus(), 2 + i / kt_cpus()), 0);
	for (uint32_t i = 0; i < n; i++) {
		KT_EQ(kt_child_wait(&clients[i]), stopped(EXO_STOP_SELF, 0));
		kt_child_end(&clients[i]);
	}
	KT_EQ(done, n);
	close_server();
}

/* A server that calls another one; and one that calls whoever called it. */
static void forwards(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		m.word[2] = (uint64_t)xo_call(CHILD_SLOT, 0, 0, &m);
	}
}

static void nested(void)
{
	static struct kt_child middle;
	struct exo_message m = {0, {30, 12, 5}};
	exo_cap_t first;

	open_server(adds, NULL);
	KT_OK(kt_child_make(&middle, forwards, NULL));
	KT_EQ(exo_cap_derive(server.slot, middle.slot, CHILD_SLOT, 0, 1, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(&middle, 0, 2), 0);
	kt_child_opens(&middle, 2);
	first = kt_slot();
	KT_EQ(exo_cap_derive(middle.slot, EXO_SLOT_NONE, first, 0, 3, EXO_RIGHT_CALL), 0);
	for (int i = 0; i < 100; i++) {
		m = (struct exo_message){0, {30, 12, 5}};
		KT_EQ(xo_call(first, 0, 0, &m), 0);
		KT_EQ(m.word[0], 42);
		KT_EQ(m.word[2], 0);
	}
	/* The inner one dies: the middle one gets the error and goes on. */
	KT_EQ(exo_env_stop(server.slot, 0), 0);
	m = (struct exo_message){0};
	KT_EQ(xo_call(first, 0, 0, &m), 0);
	KT_ERR((long)m.word[2], STATE);
	KT_EQ(exo_cap_drop(first), 0);
	kt_child_end(&middle);
	close_server();
}

/* Calling oneself in a circle ends with an error, not with a hang. */
static void circle(void)
{
	struct exo_message m = {0};

	open_server(forwards, NULL);
	KT_EQ(exo_cap_derive(server.slot, server.slot, CHILD_SLOT, 0, 0, EXO_RIGHT_CALL), 0);
	KT_EQ(xo_call(door, 0, 0, &m), 0);
	KT_ERR((long)m.word[2], BUSY);
	close_server();
}

/* What the caller has in vector registers is neither lost nor shown. */
static void vector(void)
{
	struct exo_message m;
	uint64_t in[2] = {0x1122334455667788, 0x99aabbccddeeff00}, out[2];

	open_server(adds, NULL);
	__asm__ volatile("movdqu %0, %%xmm7" : : "m"(in));
	KT_EQ(call(1, 2, 3, &m), 0);
	__asm__ volatile("movdqu %%xmm7, %0" : "=m"(out));
	KT_EQ(out[0], in[0]);
	KT_EQ(out[1], in[1]);
	close_server();
}

/* Holds its caller until it is told to go on. */
static volatile uint32_t entered, go_on;

static void holds(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		entered = 1;
		while (!go_on)
			exo_yield(EXO_SLOT_NONE, 0);
	}
}

/* One between caller and callee gets a slice of another CPU meanwhile: the reply finds it there,
 * and when it is gone nothing of it is left in that slice. */
static void moved(void)
{
	static struct kt_child middle;

	entered = go_on = 0;
	open_server(holds, NULL);
	KT_OK(kt_child_make(&middle, forwards, NULL));
	KT_EQ(exo_cap_derive(server.slot, middle.slot, CHILD_SLOT, 0, 1, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(&middle, 0, 3), 0);
	kt_child_opens(&middle, 3);
	make_client(calls_on, NULL, middle.slot, 0);
	while (!entered)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 1, 5, middle.slot, 0, 1000000), 0);
	go_on = 1;
	KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 0));
	kt_child_end(&client);
	kt_child_end(&middle);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 1, 5, EXO_SLOT_NONE, 0, 0), 0); /* empty */
	close_server();
}

/* Sleeps in its caller's slice: for some time, then until a bit is set. */
static void sleeps(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		if (m.word[0]) {
			m.word[0] = (uint64_t)exo_sleep(0, xo_now() + 2 * KT_NS_PER_MS,
							EXO_SLOT_NONE, 0);
			continue;
		}
		entered = 1;
		m.word[0] = (uint64_t)exo_sleep(1, 0, EXO_SLOT_NONE, 0);
		xo_self()->event = 0;
	}
}

static void forwards_for_a_while(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		m.word[0] = 0;
		m.word[2] = (uint64_t)xo_call(CHILD_SLOT, 0, xo_now() + 2 * KT_NS_PER_MS, &m);
	}
}

/* Who has no slices wakes in those of its caller. */
static void sleepers(void)
{
	static struct kt_child middle;
	struct exo_message m;
	exo_cap_t first = kt_slot();

	open_server(sleeps, NULL);
	KT_EQ(call(1, 0, 0, &m), 0);
	KT_EQ(m.word[0], 0);
	entered = 0;
	make_client(calls_on, NULL, door, kt_cpus() - 1);
	while (!entered)
		exo_yield(EXO_SLOT_NONE, 0);
	for (exo_ns_t end = xo_now() + 2 * KT_NS_PER_MS; xo_now() < end;)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(exo_notify(server.slot, 0, 1), 0);
	KT_EQ(kt_child_wait(&client), stopped(EXO_STOP_SELF, 1));
	kt_child_end(&client);
	/* The one in between has a deadline, and no slices either. */
	KT_OK(kt_child_make(&middle, forwards_for_a_while, NULL));
	KT_EQ(exo_cap_derive(server.slot, middle.slot, CHILD_SLOT, 0, 1, EXO_RIGHT_CALL), 0);
	KT_EQ(kt_child_start(&middle, 0, 3), 0);
	kt_child_opens(&middle, 3);
	KT_EQ(exo_cap_derive(middle.slot, EXO_SLOT_NONE, first, 0, 3, EXO_RIGHT_CALL), 0);
	m = (struct exo_message){0};
	KT_EQ(xo_call(first, 0, 0, &m), 0);
	KT_ERR((long)m.word[2], TIME);
	KT_EQ(exo_cap_drop(first), 0);
	kt_child_end(&middle);
	close_server();
}

static void keeps_vector(void *arg)
{
	uint64_t in[2] = {0x1122334455667788, 0x99aabbccddeeff00}, out[2];
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		__asm__ volatile("movdqu %0, %%xmm7" : : "m"(in));
		entered = 1;
		xo_reply(0, &m);
		__asm__ volatile("movdqu %%xmm7, %0" : "=m"(out));
		m.word[0] = out[0] == in[0] && out[1] == in[1];
	}
}

/* Called here as soon as it has lost its slice there, where its vector state still is. */
static void unbound(void)
{
	struct exo_message m;

	for (int i = 0; i < 16; i++) {
		entered = 0;
		KT_OK(kt_child_make(&server, keeps_vector, NULL));
		KT_EQ(kt_child_start(&server, 1, 1), 0);
		door = server.slot;
		KT_OK(kt_reaches((const uint32_t *)&entered, 1));
		for (exo_ns_t end = xo_now() + FAR_NS; !kt_child_serves(&server) && xo_now() < end;)
			kt_pause();
		KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 1, 1, server.slot, 0, 0), 0);
		KT_EQ(call(0, 0, 0, &m), 0);
		KT_EQ(m.word[0], 1);
		kt_child_end(&server);
	}
}

static void calls_when_told(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	entered = 1;
	while (!go_on)
		kt_pause();
	xo_call(CHILD_SLOT, 0, 0, &m);
	for (;;)
		exo_null();
}

/* Stopped on its way into a call: nobody serves the dead. */
/* Whom it called ran in its slice, which another CPU leaves a little later. */
static bool comes_to_rest(void)
{
	exo_ns_t end = xo_now() + FAR_NS;
	uint64_t before;

	do {
		before = served;
		wait_ns(KT_NS_PER_MS);
	} while (served != before && xo_now() < end);
	return served == before;
}

static void stopped_calling(void)
{
	for (int i = 0; i < 16; i++) {
		entered = go_on = 0;
		open_server(never, NULL);
		make_client(calls_when_told, NULL, door, 1);
		KT_OK(kt_reaches((const uint32_t *)&entered, 1));
		go_on = 1;
		for (int n = 0; n < i * 8; n++)
			exo_env_status(client.slot);
		KT_EQ(exo_env_stop(client.slot, 1), 0);
		kt_child_end(&client);
		KT_OK(comes_to_rest());
		close_server();
	}
}

const struct ktest ktests[] = {
	{"transfer-words", words, 1},
	{"transfer-errors", errors, 1},
	{"transfer-capability", capabilities, 1},
	{"transfer-bad-servers", bad_servers, 1},
	{"transfer-client-dies", client_dies, 1},
	{"transfer-many", many_clients, 1},
	{"transfer-nested", nested, 1},
	{"transfer-circle", circle, 1},
	{"transfer-vector", vector, 1},
	{"transfer-moved", moved, 2},
	{"transfer-sleepers", sleepers, 1},
	{"transfer-unbound", unbound, 2},
	{"transfer-stopped-calling", stopped_calling, 2},
	{NULL, NULL, 0},
};
