/* sem.c - System V's sets of semaphores.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <ipc/ipc.h>
#include <libexo/time.h>
#include <signal/again.h>
#include <stdarg.h>
#include <string.h>
#include <sys/sem.h>
#include <vm/copy.h>

#define VALUE_MOST 32767
#define SET_MOST   500 /* semaphores of a set: what a page has room for */
#define OPS_MOST   500 /* operations of a call */
#define NS         1000000000ull

/* What a process's end adds to a semaphore. */
struct undo {
	struct undo *next;
	uint32_t process, sem;
	int adjust;
};

struct one {
	uint16_t value;
	pid_t last;
};

struct set {
	struct px_ipc_object o;
	time_t used;
	struct undo *undo;
	uint32_t count;
	struct one sem[];
};

/* A thread that waits, for who asks how many do. */
struct px_sem_waiter {
	struct px_sem_waiter *next;
	uint32_t process, sem;
	int id;
	bool zero; /* for 0 */
};

static size_t bytes_of(size_t count)
{
	return sizeof(struct set) + count * sizeof(struct one);
}

static int fits(const struct px_ipc_object *o, size_t wanted)
{
	return wanted > ((const struct set *)o)->count ? -EINVAL : 0;
}

static struct px_ipc_object *make(size_t wanted, int *error)
{
	struct set *s;

	if (!wanted) {
		*error = -EINVAL;
		return NULL;
	}
	s = bytes_of(wanted) > PX_ALLOC_MAX ? px_page_get() : px_alloc(bytes_of(wanted));
	if (!s) {
		*error = -ENOMEM;
		return NULL;
	}
	s->count = (uint32_t)wanted;
	return &s->o;
}

static void set_free(struct set *s)
{
	while (s->undo) {
		struct undo *u = s->undo;

		s->undo = u->next;
		px_free(u);
	}
	if (bytes_of(s->count) > PX_ALLOC_MAX)
		px_page_put(s);
	else
		px_free(s);
}

_Static_assert(sizeof(struct set) + SET_MOST * sizeof(struct one) <= 4096, "a page");

int semget(key_t key, int count, int flags)
{
	int r;

	if (count < 0 || count > SET_MOST)
		return (int)px_result(-EINVAL);
	px_enter();
	r = px_ipc_get(PX_IPC_SEM, key, flags, fits, make, (size_t)count);
	px_leave();
	return (int)px_result(r);
}

static struct set *find(int id, uint32_t access, int *error)
{
	return (struct set *)px_ipc_find(PX_IPC_SEM, id, access, error);
}

/* This process's, made if need be; NULL: no memory. */
static struct undo *undo_of(struct set *s, uint32_t sem)
{
	struct undo *u = s->undo;

	while (u && (u->process != px_process_number || u->sem != sem))
		u = u->next;
	if (u)
		return u;
	u = px_alloc(sizeof(*u));
	if (!u)
		return NULL;
	u->process = px_process_number;
	u->sem = sem;
	u->next = s->undo;
	s->undo = u;
	return u;
}

static void forget_undo(struct set *s, uint32_t sem)
{
	for (struct undo *u = s->undo; u; u = u->next)
		if (u->sem == sem)
			u->adjust = 0;
}

/* What cannot fail later. */
static int prepare(struct set *s, const struct sembuf *op, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (op[i].sem_num >= s->count)
			return -EFBIG;
		if (op[i].sem_flg & SEM_UNDO && op[i].sem_op && !undo_of(s, op[i].sem_num))
			return -ENOMEM;
	}
	return 0;
}

/* Do all of them or none.  0, an error, or 1 + the number of the one that has to wait. */
static int operate(struct set *s, const struct sembuf *op, size_t n)
{
	int r = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct one *sem = &s->sem[op[i].sem_num];
		int value = sem->value + op[i].sem_op;

		if (value < 0 || (!op[i].sem_op && sem->value))
			r = 1 + (int)i;
		else if (value > VALUE_MOST)
			r = -ERANGE;
		if (r)
			break;
		sem->value = (uint16_t)value;
	}
	while (r && i--)
		s->sem[op[i].sem_num].value =
			(uint16_t)(s->sem[op[i].sem_num].value - op[i].sem_op);
	if (r)
		return r;
	for (i = 0; i < n; i++) {
		s->sem[op[i].sem_num].last = (pid_t)px_process_number;
		if (op[i].sem_flg & SEM_UNDO && op[i].sem_op)
			undo_of(s, op[i].sem_num)->adjust -= op[i].sem_op;
	}
	s->used = px_ipc_now();
	px_wake(&px_arena->ipc->news);
	return 0;
}

static void part(struct px_sem_waiter *w)
{
	struct px_sem_waiter **at = &px_arena->ipc->waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	px_free(w);
}

/* Inside: until something has changed. */
static int await(int id, const struct sembuf *op, exo_ns_t deadline)
{
	struct px_sem_waiter *w;
	int r;

	if (op->sem_flg & IPC_NOWAIT)
		return -EAGAIN;
	w = px_alloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	*w = (struct px_sem_waiter){.next = px_arena->ipc->waiters,
				    .process = px_process_number,
				    .sem = op->sem_num,
				    .id = id,
				    .zero = !op->sem_op};
	px_arena->ipc->waiters = w;
	r = px_block(&px_arena->ipc->news, deadline);
	part(w);
	return r == -ETIMEDOUT ? -EAGAIN : r;
}

static int operate_until(int id, const struct sembuf *op, size_t n, exo_ns_t deadline)
{
	uint32_t access = 0400;
	struct set *s;
	int r, error;

	for (size_t i = 0; i < n; i++)
		access = op[i].sem_op ? 0200 : access;
	s = find(id, access, &error);
	if (!s)
		return error;
	r = prepare(s, op, n);
	if (!r)
		r = operate(s, op, n);
	while (r > 0) {
		int waited = await(id, &op[r - 1], deadline);

		s = find(id, access, &error);
		if (!s)
			return error == -EINVAL ? -EIDRM : error;
		r = operate(s, op, n);
		if (r > 0 && waited)
			return waited;
	}
	return r;
}

int semtimedop(int id, struct sembuf *user, size_t n, const struct timespec *timeout)
{
	struct sembuf op[OPS_MOST];
	struct timespec t = {0};
	exo_ns_t deadline = 0;
	int r;

	if (!n)
		return (int)px_result(-EINVAL);
	if (n > OPS_MOST)
		return (int)px_result(-E2BIG);
	if (px_copy_from(op, user, n * sizeof(*op)) ||
	    (timeout && px_copy_from(&t, timeout, sizeof(t))))
		return (int)px_result(-EFAULT);
	if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= (long)NS)
		return (int)px_result(-EINVAL);
	if (timeout)
		deadline = xo_now() + (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
	px_enter();
	r = operate_until(id, op, n, deadline);
	px_leave();
	if (r == -EINTR)
		px_restarts(r, PX_AGAIN_QUIET); /* never begins again */
	return (int)px_result(r);
}

int semop(int id, struct sembuf *op, size_t n)
{
	return semtimedop(id, op, n, NULL);
}

void px_sem_process_end(struct px_process *p)
{
	struct px_ipc *ipc = px_arena->ipc;
	struct px_sem_waiter **w = ipc ? &ipc->waiters : NULL;

	if (!ipc)
		return;
	while (*w)
		if ((*w)->process == p->number)
			part(*w);
		else
			w = &(*w)->next;
	for (struct px_ipc_object *o = ipc->first[PX_IPC_SEM]; o; o = o->next) {
		struct set *s = (struct set *)o;

		for (struct undo **at = &s->undo, *u; (u = *at);) {
			struct one *sem = &s->sem[u->sem];
			int value = sem->value + u->adjust;

			if (u->process != p->number) {
				at = &u->next;
				continue;
			}
			if (u->adjust)
				sem->last = (pid_t)p->number;
			sem->value = (uint16_t)(value < 0            ? 0
						: value > VALUE_MOST ? VALUE_MOST
								     : value);
			*at = u->next;
			px_free(u);
		}
	}
	px_wake(&ipc->news);
}

static int waiting(int id, uint32_t sem, bool zero)
{
	int n = 0;

	for (const struct px_sem_waiter *w = px_arena->ipc->waiters; w; w = w->next)
		n += w->id == id && w->sem == sem && w->zero == zero;
	return n;
}

static int set_value(struct set *s, uint32_t sem, int value)
{
	if (value < 0 || value > VALUE_MOST)
		return -ERANGE;
	s->sem[sem].value = (uint16_t)value;
	s->sem[sem].last = (pid_t)px_process_number;
	forget_undo(s, sem);
	s->o.changed = px_ipc_now();
	px_wake(&px_arena->ipc->news);
	return 0;
}

/* Inside: what is about one semaphore. */
static int control_one(struct set *s, uint32_t sem, int what, int value)
{
	if (sem >= s->count)
		return -EINVAL;
	switch (what) {
	case GETVAL:
		return s->sem[sem].value;
	case GETPID:
		return s->sem[sem].last;
	case GETNCNT:
		return waiting(s->o.id, sem, false);
	case GETZCNT:
		return waiting(s->o.id, sem, true);
	}
	return set_value(s, sem, value);
}

/* Inside: about all their values. */
static int control_all(struct set *s, int what, uint16_t *value)
{
	int r = 0;

	for (uint32_t i = 0; i < s->count; i++)
		if (what == SETALL && value[i] > VALUE_MOST)
			return -ERANGE;
	for (uint32_t i = 0; i < s->count; i++)
		if (what == GETALL)
			value[i] = s->sem[i].value;
		else
			r = set_value(s, i, value[i]);
	return r;
}

/* Inside: about the set. */
static int control_set(struct set *s, int what, struct semid_ds *d)
{
	int r = what == IPC_STAT ? 0 : px_ipc_owns(&s->o);

	if (r)
		return r;
	switch (what) {
	case IPC_STAT:
		*d = (struct semid_ds){.sem_perm = px_ipc_show(&s->o),
				       .sem_otime = s->used,
				       .sem_ctime = s->o.changed,
				       .sem_nsems = s->count};
		return 0;
	case IPC_SET:
		px_ipc_set(&s->o, &d->sem_perm);
		return 0;
	}
	px_ipc_remove(PX_IPC_SEM, &s->o);
	set_free(s);
	return 0;
}

static int access_for(int what)
{
	switch (what) {
	case IPC_STAT:
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case GETALL:
		return 0400;
	case SETVAL:
	case SETALL:
		return 0200;
	case IPC_SET:
	case IPC_RMID:
		return 0;
	}
	return -EINVAL;
}

/* How many bytes there are to copy from or to the program. */
static size_t size_for(int what, uint32_t count)
{
	return what == IPC_STAT || what == IPC_SET ? sizeof(struct semid_ds)
	       : what == GETALL || what == SETALL  ? count * sizeof(uint16_t)
						   : 0;
}

static int control(int id, uint32_t sem, int what, void *user)
{
	union {
		struct semid_ds d;
		uint16_t value[SET_MOST];
	} room;
	int access = access_for(what), r;
	size_t n = 0;
	struct set *s;

	if (access < 0)
		return access;
	px_enter();
	s = find(id, (uint32_t)access, &r);
	if (s)
		n = size_for(what, s->count);
	px_leave();
	if (s && (what == IPC_SET || what == SETALL) && px_copy_from(&room, user, n))
		return -EFAULT;
	px_enter();
	s = find(id, (uint32_t)access, &r);
	if (s && size_for(what, s->count) != n)
		r = -EINVAL; /* another one with its number */
	else if (s && (what == GETALL || what == SETALL))
		r = control_all(s, what, room.value);
	else if (s && access && what != IPC_STAT)
		r = control_one(s, sem, what, (int)(intptr_t)user);
	else if (s)
		r = control_set(s, what, &room.d);
	px_leave();
	if (!r && (what == IPC_STAT || what == GETALL) && px_copy_to(user, &room, n))
		return -EFAULT;
	return r;
}

int semctl(int id, int sem, int what, ...)
{
	va_list args;
	void *arg;

	va_start(args, what);
	arg = va_arg(args, void *);
	va_end(args);
	return (int)px_result(control(id, (uint32_t)sem, what, arg));
}
