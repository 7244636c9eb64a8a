/* mqueue.h - message queues.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_MQUEUE_H
#define _PX_MQUEUE_H

#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int mqd_t;

struct mq_attr {
	long mq_flags;   /* O_NONBLOCK */
	long mq_maxmsg;  /* messages that it can hold */
	long mq_msgsize; /* bytes that one can have */
	long mq_curmsgs; /* messages in it */
	long __room[4];
};

int mq_close(mqd_t);
int mq_getattr(mqd_t, struct mq_attr *);
int mq_notify(mqd_t, const struct sigevent *);
mqd_t mq_open(const char *, int, ...);
ssize_t mq_receive(mqd_t, char *, size_t, unsigned int *);
int mq_send(mqd_t, const char *, size_t, unsigned int);
int mq_setattr(mqd_t, const struct mq_attr *__restrict, struct mq_attr *__restrict);
ssize_t mq_timedreceive(mqd_t, char *__restrict, size_t, unsigned int *__restrict,
			const struct timespec *__restrict);
int mq_timedsend(mqd_t, const char *, size_t, unsigned int, const struct timespec *);
int mq_unlink(const char *);

#ifdef __cplusplus
}
#endif

#endif
