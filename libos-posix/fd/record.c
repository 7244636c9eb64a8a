/* record.c - locks on parts of files.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A lock belongs to a process, which loses all it has on a file when it closes any descriptor for
 * it, or with F_OFD_... to an open file.  What is unlocked, locked again or locked otherwise may
 * cut a lock in two.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fd/record.h>
#include <fd/table.h>
#include <unistd.h>
#include <vm/copy.h>

struct px_record {
	struct px_record *next;
	int64_t first, last; /* bytes */
	const void *owner;   /* a process or an open file */
	pid_t pid;           /* -1: an open file's */
	short type;          /* F_RDLCK or F_WRLCK */
};

struct px_records {
	struct px_record *list; /* by their first bytes */
	struct px_waitq waiting;
	uint32_t waiters;
};

/* What is asked for, with room for what it may leave. */
struct request {
	struct px_record want;
	struct px_record *spare[2];
};

static bool overlap(const struct px_record *a, const struct px_record *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* A lock of somebody else that is in the way, or NULL. */
static struct px_record *conflict(const struct px_records *all, const struct px_record *want)
{
	struct px_record *r = all ? all->list : NULL;

	while (r && !(r->owner != want->owner && overlap(r, want) &&
		      (r->type == F_WRLCK || want->type == F_WRLCK)))
		r = r->next;
	return r;
}

static void insert(struct px_records *all, struct px_record *new)
{
	struct px_record **p = &all->list;

	while (*p && (*p)->first < new->first)
		p = &(*p)->next;
	new->next = *p;
	*p = new;
}

static struct px_record *spare(struct request *q)
{
	struct px_record *r = q->spare[0] ? q->spare[0] : q->spare[1];

	q->spare[r != q->spare[0]] = NULL;
	return r;
}

/* Take [want.first, want.last] out of what the owner has. */
static void cut(struct px_records *all, struct request *q)
{
	const struct px_record *want = &q->want;
	struct px_record **p = &all->list, *r, *rest;

	while ((r = *p)) {
		if (r->owner != want->owner || !overlap(r, want)) {
			p = &r->next;
		} else if (r->first < want->first) {
			if (r->last > want->last) {
				rest = spare(q);
				*rest = *r;
				rest->first = want->last + 1;
				insert(all, rest);
			}
			r->last = want->first - 1;
			p = &r->next;
		} else if (r->last > want->last) {
			*p = r->next;
			r->first = want->last + 1;
			insert(all, r);
			p = &all->list;
		} else {
			*p = r->next;
			px_free(r);
		}
	}
}

/* Neighbours of one owner and kind are one lock. */
static void join(struct px_records *all, struct px_record *new)
{
	struct px_record **p = &all->list, *r;

	while ((r = *p)) {
		bool like = r != new && r->owner == new->owner && r->type == new->type;

		if (like && r->last != INT64_MAX && r->last + 1 == new->first) {
			new->first = r->first;
		} else if (like && new->last != INT64_MAX &&new->last + 1 == r->first) {
			new->last = r->last;
		} else {
			p = &r->next;
			continue;
		}
		*p = r->next;
		px_free(r);
	}
}

static void change(struct px_records *all, struct request *q)
{
	struct px_record *new;

	cut(all, q);
	if (q->want.type != F_UNLCK) {
		new = spare(q);
		*new = q->want;
		join(all, new);
		insert(all, new);
	}
	px_wake(&all->waiting);
}

/* Without locks and without anybody who waits nothing is kept. */
static void tidy(struct px_vnode *v)
{
	if (v->records->list || v->records->waiters)
		return;
	px_free(v->records);
	v->records = NULL;
}

void px_records_drop(struct px_vnode *v, const void *owner)
{
	struct px_record **p = &v->records->list, *r;

	while ((r = *p)) {
		if (r->owner != owner) {
			p = &r->next;
			continue;
		}
		*p = r->next;
		px_free(r);
	}
	px_wake(&v->records->waiting);
	tidy(v);
}

/* Would waiting for `other` never end?  Those it waits for, one after the other. */
static bool deadlock(const struct px_record *other)
{
	const void *owner = other->owner;

	for (const struct px_process *p = px_arena->process; p && owner != px_me;) {
		if (p == owner && p->waits_for) {
			owner = p->waits_for;
			p = px_arena->process;
		} else {
			p = p->next;
		}
	}
	return owner == px_me;
}

/* Inside: wait until what is in the way might be gone. */
static int wait(struct px_vnode *v, const struct px_record *other, bool of_process)
{
	int r;

	if (of_process && deadlock(other))
		return -EDEADLK;
	px_me->waits_for = of_process ? other->owner : NULL;
	v->records->waiters++;
	r = px_block(&v->records->waiting, 0);
	v->records->waiters--;
	px_me->waits_for = NULL;
	return r;
}

/* Inside. */
static int set(struct px_vnode *v, struct request *q, bool waits)
{
	struct px_record *other;
	int r = 0;

	if (!v->records && q->want.type == F_UNLCK)
		return 0;
	if (!v->records)
		v->records = px_alloc(sizeof(*v->records));
	if (!v->records)
		return -ENOLCK;
	while (!r && q->want.type != F_UNLCK && (other = conflict(v->records, &q->want)))
		r = waits ? wait(v, other, q->want.pid >= 0) : -EAGAIN;
	for (int i = 0; !r && i < 2; i++)
		q->spare[i] = px_alloc(sizeof(*q->spare[i]));
	if (!r && (!q->spare[0] || !q->spare[1]))
		r = -ENOLCK;
	if (!r)
		change(v->records, q);
	px_free(q->spare[0]);
	px_free(q->spare[1]);
	tidy(v);
	return r;
}

static void get(struct px_vnode *v, const struct px_record *want, struct flock *l)
{
	const struct px_record *r = conflict(v->records, want);

	if (!r) {
		l->l_type = F_UNLCK;
		return;
	}
	*l = (struct flock){
		.l_type = r->type,
		.l_whence = SEEK_SET,
		.l_start = r->first,
		.l_len = r->last == INT64_MAX ? 0 : r->last - r->first + 1,
		.l_pid = r->pid,
	};
}

static int64_t base_of(const struct px_file *f, short whence)
{
	const struct px_ops *ops = px_ops_of(f->vnode);

	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		return f->offset;
	case SEEK_END:
		return ops->size ? ops->size(f->vnode) : 0;
	}
	return -EINVAL;
}

/* Which bytes are meant: with a negative length those before the start. */
static int range(const struct px_file *f, const struct flock *l, struct px_record *want)
{
	int64_t start = base_of(f, l->l_whence);

	if (start < 0)
		return -EINVAL;
	if (__builtin_add_overflow(start, l->l_start, &start))
		return -EOVERFLOW;
	want->first = l->l_len < 0 ? start + l->l_len : start;
	if (start < 0 || want->first < 0)
		return -EINVAL;
	if (l->l_len == 0)
		want->last = INT64_MAX;
	else if (l->l_len < 0)
		want->last = start - 1;
	else if (__builtin_add_overflow(start, l->l_len - 1, &want->last))
		return -EOVERFLOW;
	return 0;
}

static int check(const struct px_file *f, bool asks, bool of_process, const struct flock *l)
{
	if (!of_process && l->l_pid)
		return -EINVAL;
	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK && (l->l_type != F_UNLCK || asks))
		return -EINVAL;
	if (asks)
		return 0;
	if ((l->l_type == F_RDLCK && f->flags & O_WRONLY) ||
	    (l->l_type == F_WRLCK && !(f->flags & O_ACCMODE)))
		return -EBADF;
	return 0;
}

int px_record_lock(struct px_file *f, int command, struct flock *user)
{
	bool of_process = command <= F_SETLKW, asks = command == F_GETLK || command == F_OFD_GETLK;
	bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
	struct request q = {.want = {.pid = of_process ? (pid_t)px_me->number : -1}};
	struct flock l;
	int r;

	if (px_copy_from(&l, user, sizeof(l)))
		return -EFAULT;
	px_enter();
	q.want.owner = of_process ? (const void *)px_me : f;
	q.want.type = l.l_type;
	r = range(f, &l, &q.want);
	if (!r)
		r = check(f, asks, of_process, &l);
	if (!r && asks)
		get(f->vnode, &q.want, &l);
	else if (!r)
		r = set(f->vnode, &q, waits);
	px_leave();
	return !r && asks && px_copy_to(user, &l, sizeof(l)) ? -EFAULT : r;
}
