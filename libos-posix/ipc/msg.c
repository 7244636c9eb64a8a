/* msg.c - System V's queues of messages.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A message passes through the caller's stack, so that it is in the queue or not, whoever is killed
 * meanwhile.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <ipc/ipc.h>
#include <signal/again.h>
#include <string.h>
#include <sys/msg.h>
#include <vm/copy.h>

#define MOST   8192  /* bytes of a message */
#define QUEUE  16384 /* of all in a queue, at first */
#define INLINE 1900  /* that lie behind the message itself */
#define PAGE   4096

struct message {
	struct message *next;
	long type;
	size_t size;
	char *page[MOST / PAGE]; /* of a long one */
	char text[];
};

struct queue {
	struct px_ipc_object o;
	struct message *first, **end;
	size_t bytes, most;
	uint64_t count;
	time_t sent, received;
	pid_t sender, receiver;
};

static void message_free(struct message *m)
{
	for (int i = 0; i < MOST / PAGE; i++)
		if (m->page[i])
			px_page_put(m->page[i]);
	px_free(m);
}

static struct message *message_new(long type, const char *text, size_t size)
{
	struct message *m = px_alloc(sizeof(*m) + (size <= INLINE ? size : 0));

	if (!m)
		return NULL;
	m->type = type;
	m->size = size;
	if (size <= INLINE)
		memcpy(m->text, text, size);
	for (size_t done = 0; size > INLINE && done < size; done += PAGE) {
		char *page = m->page[done / PAGE] = px_page_get_dirty();

		if (!page) {
			message_free(m);
			return NULL;
		}
		memcpy(page, text + done, size - done < PAGE ? size - done : PAGE);
	}
	return m;
}

static void message_copy(const struct message *m, char *to, size_t n)
{
	if (m->size <= INLINE)
		memcpy(to, m->text, n);
	for (size_t done = 0; m->size > INLINE && done < n; done += PAGE)
		memcpy(to + done, m->page[done / PAGE], n - done < PAGE ? n - done : PAGE);
}

static int any(const struct px_ipc_object *o, size_t wanted)
{
	(void)o;
	(void)wanted;
	return 0;
}

static struct px_ipc_object *make(size_t wanted, int *error)
{
	struct queue *q = px_alloc(sizeof(*q));

	(void)wanted;
	if (!q) {
		*error = -ENOMEM;
		return NULL;
	}
	q->end = &q->first;
	q->most = QUEUE;
	return &q->o;
}

int msgget(key_t key, int flags)
{
	int r;

	px_enter();
	r = px_ipc_get(PX_IPC_MSG, key, flags, any, make, 0);
	px_leave();
	return (int)px_result(r);
}

static struct queue *find(int id, uint32_t access, int *error)
{
	return (struct queue *)px_ipc_find(PX_IPC_MSG, id, access, error);
}

/* Inside: until something has changed.  Afterwards an object that is not found is gone. */
static int await(int flags)
{
	return flags & IPC_NOWAIT ? -EAGAIN : px_block(&px_arena->ipc->news, 0);
}

static void put(struct queue *q, struct message *m)
{
	*q->end = m;
	q->end = &m->next;
	q->bytes += m->size;
	q->count++;
	q->sent = px_ipc_now();
	q->sender = (pid_t)px_process_number;
	px_wake(&px_arena->ipc->news);
}

/* Inside. */
static int send_to(int id, long type, const char *text, size_t size, int flags)
{
	struct message *m;
	struct queue *q;
	int r, error;

	q = find(id, 0200, &error);
	while (q && (q->bytes + size > q->most || q->count >= q->most)) {
		r = await(flags);
		q = find(id, 0200, &error);
		if (error == -EINVAL)
			error = -EIDRM;
		if (r && q)
			return r;
	}
	if (!q)
		return error;
	m = message_new(type, text, size);
	if (!m)
		return -ENOMEM;
	put(q, m);
	return 0;
}

int msgsnd(int id, const void *user, size_t size, int flags)
{
	char text[MOST];
	long type;
	int r;

	px_cancel_point();
	if (size > MOST)
		return (int)px_result(-EINVAL);
	if (px_copy_from(&type, user, sizeof(type)) ||
	    px_copy_from(text, (const char *)user + sizeof(type), size))
		return (int)px_result(-EFAULT);
	if (type < 1)
		return (int)px_result(-EINVAL);
	px_enter();
	r = send_to(id, type, text, size, flags);
	px_leave();
	if (r == -EINTR)
		px_restarts(r, PX_AGAIN_QUIET); /* never begins again */
	return (int)px_result(r);
}

/* The place of the message that is meant, or of none. */
static struct message **meant(struct queue *q, long type, int flags)
{
	struct message **at = &q->first, **best = NULL;

	if (type >= 0) {
		while (*at && type && ((*at)->type == type) == !!(flags & MSG_EXCEPT))
			at = &(*at)->next;
		return at;
	}
	for (; *at; at = &(*at)->next)
		if ((*at)->type <= -type && (!best || (*at)->type < (*best)->type))
			best = at;
	return best ? best : at;
}

static void take(struct queue *q, struct message **at)
{
	struct message *m = *at;

	*at = m->next;
	if (!m->next)
		q->end = at;
	q->bytes -= m->size;
	q->count--;
	q->received = px_ipc_now();
	q->receiver = (pid_t)px_process_number;
	message_free(m);
	px_wake(&px_arena->ipc->news);
}

/* Inside. */
static ssize_t receive_from(int id, long *type, char *text, size_t room, int flags)
{
	struct message **at = NULL;
	struct queue *q;
	size_t n;
	int r, error;

	q = find(id, 0400, &error);
	while (q && !*(at = meant(q, *type, flags))) {
		r = await(flags);
		q = find(id, 0400, &error);
		if (error == -EINVAL)
			error = -EIDRM;
		if (r && q)
			return r == -EAGAIN ? -ENOMSG : r;
	}
	if (!q)
		return error;
	n = (*at)->size;
	if (n > room && !(flags & MSG_NOERROR))
		return -E2BIG;
	n = n < room ? n : room;
	*type = (*at)->type;
	message_copy(*at, text, n);
	take(q, at);
	return (ssize_t)n;
}

ssize_t msgrcv(int id, void *user, size_t room, long type, int flags)
{
	char text[MOST];
	ssize_t r;

	px_cancel_point();
	if ((ssize_t)room < 0)
		return px_result(-EINVAL);
	px_enter();
	r = receive_from(id, &type, text, room, flags);
	px_leave();
	if (r == -EINTR)
		px_restarts(r, PX_AGAIN_QUIET); /* never begins again */
	if (r >= 0 && (px_copy_to(user, &type, sizeof(type)) ||
		       px_copy_to((char *)user + sizeof(type), text, (size_t)r)))
		r = -EFAULT;
	return px_result(r);
}

static struct msqid_ds show(const struct queue *q)
{
	return (struct msqid_ds){.msg_perm = px_ipc_show(&q->o),
				 .msg_stime = q->sent,
				 .msg_rtime = q->received,
				 .msg_ctime = q->o.changed,
				 .__msg_cbytes = q->bytes,
				 .msg_qnum = q->count,
				 .msg_qbytes = q->most,
				 .msg_lspid = q->sender,
				 .msg_lrpid = q->receiver};
}

static int set(struct queue *q, const struct msqid_ds *new)
{
	int r = px_ipc_owns(&q->o);

	if (!r && new->msg_qbytes > q->most &&new->msg_qbytes > QUEUE && px_me->user.effective)
		r = -EPERM;
	if (r)
		return r;
	px_ipc_set(&q->o, &new->msg_perm);
	q->most = new->msg_qbytes;
	px_wake(&px_arena->ipc->news);
	return 0;
}

static int destroy(struct queue *q)
{
	int r = px_ipc_owns(&q->o);

	if (r)
		return r;
	px_ipc_remove(PX_IPC_MSG, &q->o);
	while (q->first)
		take(q, &q->first);
	px_free(q);
	return 0;
}

static int act(struct px_ipc_object *o, int what, void *d)
{
	struct queue *q = (struct queue *)o;

	if (what == IPC_STAT) {
		*(struct msqid_ds *)d = show(q);
		return 0;
	}
	return what == IPC_SET ? set(q, d) : destroy(q);
}

int msgctl(int id, int what, struct msqid_ds *user)
{
	struct msqid_ds d = {0};

	return px_ipc_control(PX_IPC_MSG, id, what, user, &d, sizeof(d), act);
}
