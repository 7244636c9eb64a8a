/* stack.c - memory for threads: stack, thread-local variables, control block.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A few that are not in use any more are kept, with their pages, because making one costs more
 * than all else that a short thread does.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/program.h>
#include <libexo/upcall.h>
#include <process/limit.h>
#include <reent.h>
#include <string.h>
#include <thread/fork.h>
#include <thread/local.h>
#include <thread/thread.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define KEPT_MAX   16
#define KEPT_BYTES (64ull << 10) /* of a stack that is kept: more than that is given back */

static struct px_stack *kept, *in_use;
static uint32_t kept_count;

/* Everything of a thread but its stack, from low addresses to high: variables (ending at the tcb),
 * tcb, newlib's state, registers, struct px_stack. */
struct top {
	struct px_tcb tcb;
	struct _reent reent;
	struct px_saved saved;
	struct px_stack stack;
	char vector[] __attribute__((aligned(64)));
};

static uint64_t tls_align(void)
{
	return px_program.tls_align < 64 ? 64 : px_program.tls_align;
}

static uint64_t top_bytes(void)
{
	return px_round_up(px_program.tls_bytes + 2 * tls_align() + sizeof(struct top) +
			   xo_vector_bytes);
}

/* As it was loaded, with all else zero. */
static void begin(struct top *top)
{
	const struct px_program *p = &px_program;
	uintptr_t below = (p->tls_bytes + p->tls_align - 1) & -p->tls_align;
	uintptr_t canary = px_self()->canary;
	struct px_tcb *t = &top->tcb;

	memset((char *)t - below, 0, below);
	memcpy((char *)t - below, p->tls, p->tls_file);
	memset(top, 0, offsetof(struct top, saved));
	t->self = t;
	t->canary = canary;
	t->reent = &top->reent;
	_REENT_INIT_PTR_ZEROED(t->reent);
	t->saved = &top->saved;
	t->saved->vector = top->vector;
	t->stack = &top->stack;
}

static bool fits(uint64_t bytes)
{
	const struct px_region r = {.end = bytes, .flags = PX_R_STACK};

	return !px_me->limits || px_limit_map(&r);
}

/* A region of its own, and a guard below it. */
static exo_va_t place(uint64_t guard, uint64_t bytes)
{
	exo_va_t va;

	px_space_enter();
	va = px_spare() && fits(guard + bytes) ? px_room(0, guard + bytes, 0) : 0;
	if (va) {
		if (guard)
			px_tree_add(&px_regions, &(struct px_region){.start = va,
								     .end = va + guard,
								     .flags = PX_R_OWN | PX_R_GUARD,
								     .name = "guard"});
		px_tree_add(&px_regions, &(struct px_region){.start = va + guard,
							     .end = va + guard + bytes,
							     .prot = EXO_PROT_READ | EXO_PROT_WRITE,
							     .flags = PX_R_STACK | PX_R_NORESERVE,
							     .around = 1,
							     .name = "thread"});
	}
	px_leave();
	return va;
}

/* Inside.  For who is alone after fork. */
static void use(struct px_stack *s)
{
	s->before = NULL;
	s->next = in_use;
	if (in_use)
		in_use->before = s;
	in_use = s;
}

static struct px_stack *make(const struct px_attr *attr)
{
	uint64_t guard = attr->stack ? 0 : px_round_up(attr->guard_bytes);
	uint64_t bytes = attr->stack ? 0 : px_round_up(attr->stack_bytes), top = top_bytes();
	exo_va_t va, at;
	struct top *t;

	if (bytes + guard < bytes || bytes + guard >= EXO_VA_TOP / 2)
		return NULL;
	va = place(guard, bytes + top);
	if (!va)
		return NULL;
	at = (va + guard + bytes + px_program.tls_bytes + 2 * tls_align() - 1) & -tls_align();
	/* The first page of the stack too: without it nothing could even begin. */
	if (!px_populate(px_page_of(bytes ? va + guard + bytes - 1 : at),
			 va + guard + bytes + top)) {
		px_space_enter();
		px_clear(va, va + guard + bytes + top);
		px_leave();
		return NULL;
	}
	t = (struct top *)at;
	t->stack = (struct px_stack){.start = va,
				     .end = va + guard + bytes + top,
				     .low = va + guard,
				     .high = va + guard + bytes,
				     .guard_bytes = guard,
				     .stack_bytes = bytes,
				     .tcb = &t->tcb};
	px_space_enter();
	use(&t->stack);
	px_leave();
	return &t->stack;
}

/* One like it that was used before. */
static struct px_stack *used(const struct px_attr *attr)
{
	uint64_t guard = attr->stack ? 0 : px_round_up(attr->guard_bytes);
	uint64_t bytes = attr->stack ? 0 : px_round_up(attr->stack_bytes);
	struct px_stack **at = &kept, *s;

	px_space_enter();
	while ((s = *at) && (s->stack_bytes != bytes || s->guard_bytes != guard))
		at = &s->next;
	if (s) {
		*at = s->next;
		kept_count--;
		use(s);
	}
	px_leave();
	return s;
}

static void disuse(struct px_stack *s)
{
	*(s->before ? &s->before->next : &in_use) = s->next;
	if (s->next)
		s->next->before = s->before;
}

struct px_stack *px_stack_get(const struct px_attr *attr)
{
	struct px_stack *s = used(attr);

	if (!s)
		s = make(attr);
	if (!s)
		return NULL;
	begin((struct top *)s->tcb);
	if (attr->stack) {
		s->low = (exo_va_t)attr->stack;
		s->high = s->low + attr->stack_bytes;
	}
	return s;
}

/* The oldest goes, which nobody can be on any more. */
static void drop_oldest(void)
{
	struct px_stack *s = kept, *oldest;

	while (s->next->next)
		s = s->next;
	oldest = s->next;
	s->next = NULL;
	kept_count--;
	px_clear(oldest->start, oldest->end);
}

void px_stack_put(struct px_stack *s)
{
	exo_va_t keep = s->high - KEPT_BYTES;

	disuse(s);
	if (s->stack_bytes > KEPT_BYTES && px_pte(keep - EXO_PAGE_SIZE))
		px_unpromise(px_unmap(s->low, (keep - s->low) >> EXO_PAGE_SHIFT));
	s->next = kept;
	kept = s;
	if (++kept_count > KEPT_MAX)
		drop_oldest();
}

bool px_stack_mine(uint64_t sp)
{
	const struct px_stack *s = px_self()->stack;

	return s && sp - s->low < s->high - s->low;
}

void px_stacks_forked(void)
{
	struct px_stack *next;

	px_enter();
	for (struct px_stack *s = in_use; s; s = next) {
		next = s->next;
		if (s != px_self()->stack)
			px_stack_put(s);
	}
	px_leave();
}

struct px_saved *px_saved_new(void)
{
	uint64_t bytes = px_round_up(sizeof(struct px_saved) + 64 + xo_vector_bytes);
	struct px_region *r;
	struct px_saved *s;

	if (!px_promise(bytes >> EXO_PAGE_SHIFT))
		return NULL;
	r = px_region_add("thread", bytes, bytes, 1);
	if (!r || px_map_now(r->start, bytes >> EXO_PAGE_SHIFT) < 0)
		return NULL;
	s = (void *)r->start;
	s->vector = (void *)(((uintptr_t)(s + 1) + 63) & ~(uintptr_t)63);
	return s;
}
