/* arena.c - the same operations in both designs, in guest instructions.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "arena.h"

#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/start.h>

#define ROUNDS      500
#define SLICE_NS    1000000
#define STACK_BYTES 8192
#define ACTS_VA     (BENCH_VA + 0x10000000)
#define TALK        (EXO_RIGHT_NOTIFY | EXO_RIGHT_YIELD)

static char stacks[WHO_MAX][STACK_BYTES * (1 + EXO_FRAME_DEPTH)] __attribute__((aligned(64)));
static const struct design *volatile design;
static uint32_t bytes;
static char mine[MESSAGE_MAX], its[MESSAGE_MAX];

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	if (kind != EXO_UP_EVENT)
		bench_fail("unexpected upcall", (long)kind);
	(void)f;
	(void)addr;
	trouble_upcall();
}

static void introduce(exo_cap_t whom, uint32_t to, uint32_t as)
{
	bench_want("cap_derive", exo_cap_derive(whom, PEER(to), PEER(as), 0, 0, TALK), 0);
}

void start(enum who who, void (*fn)(void *))
{
	static struct xo_begin begin[WHO_MAX];
	struct xo_begin *b = &begin[who];
	exo_pfn_t act;

	b->fn = fn;
	act = bench_activation(b, 0, stacks[who], STACK_BYTES, ACTS_VA + who * 2 * EXO_PAGE_SIZE);
	b->activation->user[0] = who;
	b->activation->want = who >= VICTIM ? EXO_WANT_EVENT : 0;
	bench_peer(b, PEER(who), bench_frames(3), act);
	introduce(EXO_SLOT_SELF, who, CLIENT);
	if (who == SERVER || who >= VICTIM)
		introduce(PEER(ECHO), who, ECHO);
	if (who == SERVER)
		introduce(PEER(SERVER), ECHO, SERVER);
	if (who >= VICTIM)
		introduce(PEER(SERVER), who, SERVER);
	bench_want("slice_bind", exo_slice_bind(EXO_SLOT_CPU, 0, who, PEER(who), 0, SLICE_NS), 0);
}

static void echo(void *arg)
{
	(void)arg;
	for (;;)
		design->write(1, its, design->read(0, its));
}

static void round_trip(void)
{
	design->write(0, mine, bytes);
	if (design->read(1, mine) != bytes)
		bench_fail("lost bytes", bytes);
}

static void move(void)
{
	design->move(3);
}

static void copies(void)
{
	memcpy(mine, its, MESSAGE_MAX);
}

static void measure(const char *const name[3])
{
	bench_measure(name[0], move, ROUNDS);
	bytes = 1;
	bench_measure(name[1], round_trip, ROUNDS);
	bytes = MESSAGE_MAX;
	bench_measure(name[2], round_trip, ROUNDS);
}

void exo_main(struct exo_start *s)
{
	static const char *const in_arena[] = {"move", "pipe_1", "pipe_4096"};
	static const char *const in_server[] = {"server_move", "server_pipe_1", "server_pipe_4096"};

	(void)s;
	bench_frames_init();
	bench_measure("copy_4096", copies, ROUNDS);
	design = &arena_design;
	start(ECHO, echo);
	measure(in_arena);
	start(SERVER, server_main);
	/* The echo waits in the arena: what wakes it there makes it wait at the server. */
	design = &server_design;
	arena_design.write(0, mine, 1);
	arena_design.read(1, mine);
	measure(in_server);
	trouble();
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, 0);
	__builtin_trap();
}
