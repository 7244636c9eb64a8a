/* mqueue.h - message queues, as they lie in the arena.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A queue is a file of a kind of its own in /dev/mqueue.  Who sends or receives holds its lock
 * while bytes are copied, so a message is in the queue or not, whoever is killed meanwhile.
 */
#ifndef PX_MQUEUE_H
#define PX_MQUEUE_H

#include <env/process.h>
#include <fs/mem.h>
#include <mqueue.h>
#include <signal/pending.h>

#define PX_MQ_INLINE 1536 /* bytes that lie behind the message itself */
#define PX_MQ_PAGES  128  /* or in so many pages, at most */

struct px_mq_message {
	struct px_mq_message *next; /* a lower priority, or later */
	uint32_t priority, size;
	char *page[]; /* or the bytes themselves, if they are few */
};

struct px_mqueue {
	uint32_t most, message_size, count;
	uint32_t receivers; /* who wait for a message */
	struct px_mq_message *first;
	struct px_mq_message *incoming; /* being copied by the lock's holder */
	struct px_news can_read, can_write;

	/* Who is told of the next message that comes when there is none. */
	uint32_t told_process; /* its number, 0: nobody */
	uint32_t told_serial;  /* of that request */
	int notify;            /* SIGEV_* */
	struct px_siginfo info;
	struct px_waitq noticed; /* who waits to be told */
};

/* Outside: the queue behind a descriptor, its open file in *f (px_file_done), or NULL, EBADF. */
struct px_mqueue *px_mq_use(mqd_t fd, struct px_file **f);

/* Inside: the message's memory goes. */
void px_mq_free(struct px_mq_message *m);

/* Inside: a message has come to an empty queue that nobody waits at; only there if the program can
 * ask for that (fd/mqueue_notify.c). */
void px_mq_notice(struct px_mqueue *q) __attribute__((weak, visibility("hidden")));

#endif
