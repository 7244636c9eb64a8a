/* explore.c - breadth-first through the states of a small world.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A state is kept as the step that leads to it and the state before; it is made again by doing
 * the steps again.  Two states are one if their worlds are the same: which slots, frames, tables,
 * counters, and how far steps got.  The order in which children of a capability or environments
 * stand in their lists is not looked at.
 */
#include "explore.h"
#include "hw.h"
#include "moves.h"
#include "sched.h"
#include "spec.h"
#include "tlb.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TAG_AT    510 /* where in its frames an account writes its name, and again after it */
#define TRIES_MAX 200 /* calls until a call in steps must be done */

struct node {
	uint32_t parent;
	struct op op;
};

static struct {
	struct node *node;
	uint64_t nodes, room;
	uint64_t *hash, hashes, used; /* open addressing, a power of two */
	uint64_t transitions, failures;
	char *first, *kept; /* machine at the start, and in the state that is looked at */
	struct world start, world;
	uint64_t now; /* that state */
	const struct op *doing;
	bool dirty; /* the machine is no longer in it */
	struct ops ops;
} ex;

static void *checked(void *p)
{
	if (p)
		return p;
	fputs("no memory left for more states\n", stderr);
	exit(3);
}

static uint64_t hash_of(const struct world *w)
{
	const uint64_t *p = (const uint64_t *)w;
	uint64_t a = 0x9e3779b97f4a7c15, b = 0xc2b2ae3d27d4eb4f;

	_Static_assert(sizeof(struct world) % 8 == 0, "whole words");
	for (size_t i = 0; i + 1 < sizeof(*w) / 8; i += 2) {
		unsigned __int128 m = (unsigned __int128)(p[i] ^ a) * (p[i + 1] ^ b);

		a = (a << 7 | a >> 57) + (uint64_t)m;
		b = (b ^ (uint64_t)(m >> 64)) * 0x9fb21c651e98df25;
	}
	a ^= b ^ a >> 31 ^ p[sizeof(*w) / 8 - 1] * 0x9e3779b97f4a7c15;
	a *= 0xd6e8feb86659fd93;
	return (a ^ a >> 32) | 1; /* never 0, which is an empty place */
}

static bool insert(uint64_t h)
{
	uint64_t i;

	if (ex.used * 2 >= ex.hashes) {
		uint64_t *old = ex.hash, n = ex.hashes;

		ex.hashes = n ? n * 2 : 1 << 16;
		ex.hash = checked(calloc(ex.hashes, sizeof(*ex.hash)));
		ex.used = 0;
		for (uint64_t k = 0; k < n; k++)
			if (old[k])
				insert(old[k]);
		free(old);
	}
	for (i = h >> 1 & (ex.hashes - 1); ex.hash[i]; i = (i + 1) & (ex.hashes - 1))
		if (ex.hash[i] == h)
			return false;
	ex.hash[i] = h;
	ex.used++;
	return true;
}

static void append(uint32_t parent, const struct op *op)
{
	if (ex.nodes == ex.room) {
		ex.room = ex.room ? ex.room * 2 : 1 << 12;
		ex.node = checked(realloc(ex.node, ex.room * sizeof(*ex.node)));
	}
	ex.node[ex.nodes++] = (struct node){parent, *op};
}

/* The steps to a state, and their number. */
static int path_to(uint64_t node, struct op *path)
{
	int n = 0;

	for (uint64_t i = node; i; i = ex.node[i].parent)
		n++;
	for (int k = n; node; node = ex.node[node].parent)
		path[--k] = ex.node[node].op;
	return n;
}

/* What owners and the processor do at once: names are written into frames (which must have been
 * clear, or this account's), mapped pages are used.  A complaint or NULL. */
static const char *live(const struct world *before, const struct op *op)
{
	for (exo_pfn_t pfn = BOOT_FREE; pfn < shape.frames; pfn++) {
		uint64_t *tag = (uint64_t *)direct(pfn) + TAG_AT, name = frames[pfn].account;
		uint8_t was = before ? before->frame[pfn].type : W_FREE;

		if (frames[pfn].type != EXO_FRAME_DATA)
			continue;
		if (op && op->call == EXO_SYS_object_copy && op->a[2] == pfn) {
			if (memcmp(direct(pfn), direct(op->a[1]), EXO_PAGE_SIZE))
				return say("frame %lu is no copy of the object", pfn);
			was = W_CAPS;
		}
		if (!before && (tag[0] != name || tag[1] != name))
			memset(direct(pfn), 0, EXO_PAGE_SIZE);
		if (before && was == W_FREE && (tag[0] != tag[1] || (tag[0] && tag[0] != name)))
			return say("frame %lu shows what another account had in it", pfn);
		if (was == W_DATA &&
		    (tag[0] != tag[1] || tag[0] != shape.home[before->frame[pfn].account]))
			return say("frame %lu lost its contents", pfn);
		if (was > W_DATA)
			memset(direct(pfn), 0, EXO_PAGE_SIZE);
		*(uint32_t *)direct(pfn) = 1; /* an activation's version */
		tag[0] = tag[1] = name;
	}
	tlb_use();
	return NULL;
}

static const char *step(const struct op *op, long *r)
{
	*r = op_do(op);
	return hw_wrong;
}

static void trace(uint64_t node, const struct op *last)
{
	struct op path[64];
	int n = path_to(node, path);
	char text[300];
	long r;

	hw_wrong = NULL;
	tlb_none();
	hw_put_back(ex.first);
	for (int i = 0; i < n; i++) {
		r = op_do(&path[i]);
		op_text(text, sizeof(text), &path[i], &r);
		printf("    %d  %s\n", i + 1, text);
		live(NULL, NULL);
		hw_wrong = NULL;
	}
	if (!last)
		return;
	op_text(text, sizeof(text), last, NULL);
	printf("    %d  %s\n", n + 1, text);
	fflush(stdout);
	r = op_do(last);
	op_text(text, sizeof(text), last, &r);
	printf("    %d  %s\n", n + 1, text);
}

/* The kernel itself crashed: say what was done. */
static void crashed(int signal)
{
	struct op path[64];
	int n = path_to(ex.now, path);
	char text[300];

	printf("not ok: the kernel's code ended with signal %d in the last of\n", signal);
	for (int i = 0; i < n; i++) {
		op_text(text, sizeof(text), &path[i], NULL);
		printf("    %d  %s\n", i + 1, text);
	}
	if (ex.doing)
		op_text(text, sizeof(text), ex.doing, NULL);
	printf("    %d  %s\n", n + 1, ex.doing ? text : "(looking at it)");
	fflush(stdout);
	_exit(1);
}

/* A call that goes in steps comes to an end if it is repeated, and what is then left is what the
 * contract says. */
static const char *ends(const struct op *op, struct world *model)
{
	struct world seen;
	const char *wrong;
	long r = 1;

	if (op->call == EXO_SYS_env_destroy) /* waits for CPUs */
		for (uint8_t h = 0; h < shape.homes; h++)
			if (model->env[h].live && model->env[h].stopped && model->env[h].loaded)
				return NULL;
	for (int i = 0; r == 1; i++) {
		if (i == TRIES_MAX)
			return "it goes on without end";
		if ((wrong = step(op, &r)))
			return wrong;
	}
	if ((wrong = live(model, NULL)) || (wrong = view(&seen)) || (wrong = check(&seen)))
		return say("repeated to its end: %s", wrong);
	if ((wrong = spec(model, op, r, &seen)))
		return say("repeated to its end: %s", wrong);
	return NULL;
}

/* One step from the state that is looked at. */
static const char *transition(const struct op *op)
{
	struct world seen, model = ex.world;
	const char *wrong;
	long r;

	if (ex.dirty)
		hw_put_back(ex.kept);
	ex.dirty = true;
	ex.transitions++;
	tlb_again();
	if ((wrong = step(op, &r)))
		return wrong;
	ex.failures += r < 0;
	if (r < 0 && hw_is(ex.kept)) {
		ex.dirty = false;
		return spec(&model, op, r, &ex.world);
	}
	if (r < 0 && !sched_looks(&ex.world, op) && op->call != EXO_SYS_frame_take)
		return "it failed, and something has changed";
	if ((wrong = tlb_check()) || (wrong = live(&ex.world, op)))
		return wrong;
	if ((wrong = view(&seen)) || (wrong = check(&seen)) || (wrong = spec(&model, op, r, &seen)))
		return wrong;
	if (!insert(hash_of(&seen)))
		return NULL;
	append((uint32_t)ex.now, op);
	return r == 1 && op_in_steps(op) && !shape.scheduled ? ends(op, &model) : NULL;
}

static const char *expand(const struct plan *plan, uint64_t node)
{
	struct op path[64];
	int n = path_to(node, path);
	const char *wrong;
	long r;

	ex.now = node;
	ex.doing = NULL;
	tlb_none();
	hw_put_back(ex.first);
	ex.world = ex.start;
	for (int i = 0; i < n; i++) {
		if ((wrong = step(&path[i], &r)) || (wrong = live(NULL, NULL)))
			return wrong;
	}
	if ((wrong = view(&ex.world)))
		return wrong;
	hw_keep(ex.kept);
	tlb_fill();
	ex.dirty = false;
	ex.ops.count = 0;
	if (plan->moves)
		plan->moves(&ex.world, &ex.ops);
	for (const struct menu *m = plan->menu; m->what; m++) {
		moves(&ex.world, &ex.ops, m);
		if (n < plan->probes)
			refused(&ex.world, &ex.ops, m);
	}
	for (uint32_t i = 0; i < ex.ops.count; i++) {
		ex.doing = &ex.ops.op[i];
		if (!op_possible(&ex.world, ex.doing))
			continue;
		if ((wrong = transition(ex.doing)))
			return wrong;
	}
	return NULL;
}

/* Steps that must succeed, each held against the model. */
static const char *prepare(void (*list)(struct ops *ops))
{
	static struct ops ops;
	const char *wrong;
	long r = 0;

	ops.count = 0;
	if (list)
		list(&ops);
	for (uint32_t i = 0; i < ops.count; i++) {
		struct world seen;

		ex.doing = &ops.op[i];
		hw_keep(ex.first); /* for a trace */
		tlb_fill();
		if ((wrong = step(&ops.op[i], &r)) || (wrong = live(&ex.world, &ops.op[i])) ||
		    (wrong = view(&seen)) || (wrong = check(&seen)) ||
		    (wrong = spec(&ex.world, &ops.op[i], r, &seen)))
			return wrong;
		if (r < 0)
			return "a step of the setup failed";
		ex.world = seen;
	}
	return NULL;
}

static const char *look(void)
{
	const char *wrong = live(NULL, NULL);

	if (wrong || (wrong = view(&ex.world)))
		return wrong;
	return check(&ex.world);
}

/* From boot to where the plan begins. */
static const char *start(const struct plan *plan)
{
	const char *wrong;

	shape = plan->shape;
	hw_budget = 1000;
	boot(plan->limit);
	ex.first = checked(malloc(hw_bytes()));
	ex.kept = checked(malloc(hw_bytes()));
	if ((wrong = look()) || (wrong = prepare(plan->setup)))
		return wrong;
	if (plan->scheduled) {
		shape.scheduled = true;
		sched_start();
		if ((wrong = look()) || (wrong = prepare(plan->begin)))
			return wrong;
	}
	ex.start = ex.world;
	hw_budget = plan->budget;
	hw_keep(ex.first);
	return NULL;
}

static void report(const struct plan *plan, int depth, uint64_t of, uint64_t done, bool closed)
{
	printf("%-9s %9lu states %10lu transitions (%lu refused) depth %d%s", plan->name, ex.used,
	       ex.transitions, ex.failures, depth, closed ? ", no more states" : "");
	if (done < of)
		printf(" and %lu %% of %d", done * 100 / of, depth + 1);
	printf(": %s\n", plan->what);
}

bool explore(const struct plan *plan, const struct limits *limits)
{
	time_t end = limits->seconds ? time(NULL) + limits->seconds : 0;
	const char *wrong = start(plan);
	uint64_t first = 0, last = 1, i = 0;
	int depth = 0, most = (limits->depth ? limits->depth : plan->depth) + limits->more;

	signal(SIGSEGV, crashed);
	signal(SIGABRT, crashed);
	signal(SIGFPE, crashed);
	signal(SIGILL, crashed);
	if (!wrong) {
		insert(hash_of(&ex.world));
		append(0, &(struct op){0});
	}
	for (; !wrong && depth < most && first < last; depth++, first = last, last = ex.nodes) {
		for (i = first; !wrong && i < last; i++) {
			if ((end && !(i % 64) && time(NULL) >= end) ||
			    (limits->states && ex.used >= limits->states))
				break;
			wrong = expand(plan, i);
		}
		if (wrong || i < last)
			break;
		i = ex.nodes; /* the next depth begins: nothing of it is done */
	}
	if (wrong) {
		printf("not ok %s: %s\n", plan->name, wrong);
		trace(ex.now, ex.doing);
		return false;
	}
	report(plan, depth, last - first, i - first, first == last);
	return true;
}
