/* sched.c - run queues, and going from one thread to the next.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The critical section is not left in between: who goes on finds himself inside as he was, and
 * nobody can take a thread that has not yet left its stack.
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <errno.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <sched.h>
#include <signal/signals.h>
#include <string.h>
#include <thread/local.h>
#include <thread/sched.h>
#include <thread/turn.h>

uint32_t px_cpu_number(void)
{
	return px_activation()->index;
}

struct px_cpu *px_cpu(void)
{
	return px_here();
}

static void put_at(struct px_cpu *cpu, struct px_thread **at, struct px_thread *t)
{
	t->after = *at;
	*at = t;
	if (!t->after)
		cpu->last = t;
	t->state = PX_READY;
	t->cpu = cpu->number;
}

/* Behind all of at least its priority; `first`: before those of the same. */
static void insert(struct px_cpu *cpu, struct px_thread *t, bool first)
{
	struct px_thread **at = &cpu->first;

	while (*at && (first ? (*at)->priority > t->priority : (*at)->priority >= t->priority))
		at = &(*at)->after;
	put_at(cpu, at, t);
	t->lap = cpu->lap;
}

/* The same, quickly, if it goes to the end, as when all have the same priority. */
static inline void append(struct px_cpu *cpu, struct px_thread *t)
{
	t->after = NULL;
	if (!cpu->first) {
		cpu->first = t;
	} else if (cpu->last->priority < t->priority) {
		insert(cpu, t, false);
		return;
	} else {
		cpu->last->after = t;
	}
	cpu->last = t;
	t->lap = cpu->lap;
	t->state = PX_READY;
	t->cpu = cpu->number;
}

/* Of no priority, behind those that are ahead already, before those that wait for a turn. */
static void insert_ahead(struct px_cpu *cpu, struct px_thread *t)
{
	struct px_thread **at = cpu->ahead ? &cpu->ahead->after : &cpu->first;

	while (*at && (*at)->priority)
		at = &(*at)->after;
	put_at(cpu, at, t);
	cpu->ahead = t;
}

/* The same for one that was woken when nobody else was in the queue.  Whether it has something of a
 * turn is looked at when somebody is to make room for it: most have the CPU before. */
static inline void append_ahead(struct px_cpu *cpu, struct px_thread *t)
{
	if (t->cpu != cpu->number)
		t->lap = cpu->lap - 1;
	t->after = NULL;
	cpu->first = cpu->last = cpu->ahead = t;
	t->state = PX_READY;
	t->cpu = cpu->number;
}

void px_queue_rest(struct px_cpu *cpu, struct px_thread *t)
{
	bool over = t->policy != SCHED_FIFO && px_turn_over(t);

	if (!(t->cpus >> cpu->number & 1)) {
		px_ready(t);
		return;
	}
	if (over || t->to_end) {
		t->turn = t->ran;
		t->to_end = 0;
		append(cpu, t);
	} else if (t->priority) {
		insert(cpu, t, true);
	} else {
		insert_ahead(cpu, t);
	}
}

/* Has t, which was waiting, some of its turn left, or a new one, to go ahead with on this CPU?  If
 * not it begins one when it has waited for that. */
static bool goes_ahead(const struct px_cpu *cpu, struct px_thread *t)
{
	if (t->cpu != cpu->number) {
		t->lap = cpu->lap - 1;
	} else if ((int32_t)(cpu->lap - t->lap) > 2) {
		t->lap = cpu->lap - 1;
		t->turn = t->ran;
		return true;
	}
	if (!px_turn_over(t))
		return true;
	t->turn = t->ran;
	return false;
}

/* Those that have nothing left of a turn, although they stand there, wait for one. */
bool px_must_make_room(struct px_cpu *cpu)
{
	struct px_thread *t, *ahead;

	while (cpu->ahead && !goes_ahead(cpu, t = cpu->first)) {
		px_dequeue(cpu, t);
		ahead = cpu->ahead;
		insert_ahead(cpu, t);
		t->lap = cpu->lap;
		cpu->ahead = ahead;
	}
	return cpu->ahead;
}

/* `before` comes before t in the queue, which t leaves. */
static inline void leaves(struct px_cpu *cpu, const struct px_thread *t, struct px_thread *before)
{
	if (cpu->last == t)
		cpu->last = before;
	if (cpu->ahead == t)
		cpu->ahead = before && !before->priority ? before : NULL;
}

/* The first of the queue that may run on CPU number `on`. */
static struct px_thread *take(struct px_cpu *cpu, uint32_t on)
{
	struct px_thread **at = &cpu->first, *before = NULL, *t;

	while ((t = *at) && !(t->cpus >> on & 1)) {
		before = t;
		at = &t->after;
	}
	if (!t)
		return NULL;
	*at = t->after;
	leaves(cpu, t, before);
	return t;
}

void px_dequeue(struct px_cpu *cpu, struct px_thread *t)
{
	struct px_thread **at = &cpu->first, *before = NULL;

	while (*at != t) {
		before = *at;
		at = &before->after;
	}
	*at = t->after;
	leaves(cpu, t, before);
}

/* t has got the CPU.  The first of those that were queued in a lap begins the next one: all that
 * were there before have had it. */
static inline void passes(struct px_cpu *cpu, const struct px_thread *t)
{
	if (t->lap == cpu->lap && !t->priority)
		cpu->lap++;
}

/* Its own queue first, then what waits elsewhere.  It is in no queue any more, and is told and
 * waited for as one that runs here: the host leaves the critical section before it lends the CPU.
 */
struct px_thread *px_next_thread(struct px_cpu *cpu)
{
	struct px_sched *s = &px_arena->sched;
	uint32_t n = cpu->number;
	struct px_thread *t = cpu->first ? take(cpu, n) : NULL;

	if (t) {
		passes(cpu, t);
		if (t->process->nice > 0) /* its turn may end before another one's that was begun */
			cpu->turn = 0;
	}
	for (uint32_t i = 1; !t && i < s->cpus; i++) {
		t = take(&s->cpu[(n + i) % s->cpus], n);
		if (t)
			t->lap = cpu->lap - 1;
	}
	if (t) {
		t->state = PX_RUNNING;
		t->cpu = n;
	}
	return t;
}

/* From where it was interrupted: by the activation's own frame, because what is interrupted in the
 * middle of that starts again. */
static _Noreturn void go_saved(struct px_thread *t)
{
	struct px_saved *saved = t->tcb->saved;
	struct exo_activation *a = px_activation();
	struct exo_frame *f = &a->frame[0];

	*(volatile uint32_t *)&a->depth = 1; /* ours, before it is filled */
	__asm__ volatile("" : : : "memory");
	saved->frame.upcall_sp = f->upcall_sp;
	saved->frame.gsbase = (uint64_t)a;
	memcpy(f, &saved->frame, sizeof(*f));
	px_cancel_frame(t, f);
	xo_vector_restore(saved->vector);
	px_leave();
	if (px_signals_divert)
		px_signals_divert(f);
	xo_resume(a);
}

_Noreturn void px_go(struct px_thread *t)
{
	px_take_turn(px_here(), t);
	if (t->sp)
		px_switch_in(t->sp);
	go_saved(t);
}

/* The host may have come here by another way than from its guest that wished for something: woken
 * while that one was in a critical section, say. */
static void serve(void)
{
	px_fs_set(&px_local()->idle);
	px_leave();
	px_host_serve();
	px_enter();
	px_pass_on(px_here());
}

_Noreturn void px_dispatch(void)
{
	for (;;) {
		struct px_cpu *cpu = px_here();
		struct px_thread *t;

		if (px_arena->wishes && !px_guest)
			serve();
		t = cpu->current;
		if (!t)
			t = px_next_thread(cpu);
		if (t && t->process == px_me) {
			px_events_look();
			px_go(t);
		}
		px_fs_set(&px_local()->idle);
		cpu->current = t;
		if (t)
			px_hand_over(t);
		else if (!px_guest)
			px_idle(cpu);
		else
			px_hand_back();
	}
}

void px_leave_cpu(uint64_t *sp)
{
	px_arena->depth = 1;
	px_activation()->critical = 1;
	px_switch_call(sp, px_local()->stack, px_dispatch);
}

/* The first of the queue goes on at once if it can: it is of this process, went away by itself and
 * may run here.  NULL: not so. */
static inline struct px_thread *quick(struct px_cpu *cpu, const struct px_thread *me)
{
	struct px_thread *next = cpu->first;
	uint32_t n = cpu->number;

	if (!next || next->process != px_me || !next->sp || !(next->cpus >> n & 1) ||
	    (me->state == PX_RUNNING && me->priority > next->priority))
		return NULL;
	cpu->first = next->after;
	if (cpu->ahead == next)
		cpu->ahead = NULL;
	passes(cpu, next);
	return next;
}

/* The calling thread is in the queue, or waits. */
static __attribute__((noinline)) void slowly(struct px_cpu *cpu, struct px_thread *me)
{
	struct px_thread *next = px_next_thread(cpu);

	if (next == me) {
		px_take_turn(cpu, me);
		return;
	}
	cpu->current = next;
	px_leave_cpu(&me->sp);
}

/* As most do: without the dispatch stack. */
void px_schedule(void)
{
	struct px_cpu *cpu = px_here();
	struct px_thread *me = px_this(), *next;

	px_account(cpu);
	me->depth = px_arena->depth;
	next = quick(cpu, me);
	if (me->state == PX_RUNNING)
		append(cpu, me);
	if (!next) {
		slowly(cpu, me);
		return;
	}
	px_take_turn(cpu, next);
	px_switch(&me->sp, next->sp);
}

void px_make_room(void)
{
	struct px_cpu *cpu = px_here();
	struct px_thread *me = px_this();

	px_account(cpu);
	me->depth = px_arena->depth;
	px_queue_rest(cpu, me);
	slowly(cpu, me);
}

void px_emigrate(void)
{
	struct px_thread *me = px_this();

	px_account(px_here());
	me->depth = px_arena->depth;
	px_here()->current = NULL;
	px_ready(me);
	px_leave_cpu(&me->sp);
}

/* Where it ran before if that CPU idles, or any that idles; else here, or where it may run. */
static __attribute__((noinline)) struct px_cpu *choose(const struct px_thread *t)
{
	struct px_sched *s = &px_arena->sched;
	uint64_t idle = s->idle & t->cpus, may = s->present & t->cpus;

	if (idle)
		return &s->cpu[idle >> t->cpu & 1 ? t->cpu : (uint32_t)__builtin_ctzll(idle)];
	return may >> px_here()->number & 1 || !may ? px_here() : &s->cpu[__builtin_ctzll(may)];
}

/* It has got something to run, or something to look at. */
void px_cpu_tell(struct px_cpu *cpu, uint64_t event)
{
	px_arena->sched.idle &= ~(1ull << cpu->number);
	exo_notify(px_owner, cpu->number, event);
}

/* Into the queue of a CPU that has something else to do. */
static void wait_there(struct px_cpu *cpu, struct px_thread *t)
{
	bool over = t->priority > cpu->current->priority;

	cpu->over |= over;
	if (cpu != px_here())
		px_cpu_tell(cpu, PX_EVENT_LOOK);
	else if (over)
		px_activation()->pending |= EXO_WANT_EVENT;
	else
		px_arm(cpu);
}

void px_ready(struct px_thread *t)
{
	struct px_sched *s = &px_arena->sched;
	struct px_cpu *cpu = px_here();

	if (s->idle || !(t->cpus >> cpu->number & 1))
		cpu = choose(t);
	if (t->state < PX_WAITING || t->policy != SCHED_OTHER) {
		append(cpu, t);
	} else if (!cpu->first) {
		append_ahead(cpu, t);
	} else if (goes_ahead(cpu, t)) {
		insert_ahead(cpu, t);
	} else {
		append(cpu, t);
	}
	if (s->idle >> cpu->number & 1)
		px_cpu_tell(cpu, PX_EVENT_WAKE);
	else if (cpu->current)
		wait_there(cpu, t);
}

void px_attend(struct px_thread *t, uint32_t what)
{
	t->attention |= what;
	if (t->state == PX_WAITING && t->attend & what)
		px_ready(t);
	else if (t->state == PX_RUNNING && t != px_this())
		px_cpu_tell(&px_arena->sched.cpu[t->cpu], PX_EVENT_LOOK);
}

/* Woken, too late, or with something to attend to: whichever is seen first. */
int px_sched_sleep(exo_ns_t deadline, uint32_t attend)
{
	struct px_thread *t = px_this();
	int r = 0;

	while (!t->woken && !r) {
		if (px_attends(t, attend))
			r = -EINTR;
		else if (deadline && xo_now() >= deadline)
			r = -ETIMEDOUT;
		if (r)
			break;
		if (deadline)
			px_timer_set(&t->timer, deadline);
		t->attend = (uint8_t)attend;
		t->state = PX_WAITING;
		px_schedule();
		px_timer_clear(&t->timer);
	}
	if (r == -EINTR)
		t->tcb->handled = 0;
	return r;
}
