/* aio.h - requests of asynchronous input and output.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_AIO_H
#define PX_AIO_H

#include <aio.h>
#include <exo/types.h>

#define PX_AIO_KNOWN 0x6f697061u /* aiocb.__known: no other value is likely */

/* Requests that are told of together; or only waited for. */
struct px_aio_group {
	int refs; /* requests, and who waits */
	int left; /* requests that have not ended */
	bool failed;
	struct sigevent event;
};

/* A request is queued: 0, or EAGAIN.  `op`: LIO_READ, LIO_WRITE, O_SYNC or O_DSYNC; `group`, which
 * may be NULL, gets a reference.  The calling process's own: everything here is. */
int px_aio_submit(struct aiocb *cb, int op, struct px_aio_group *group);

/* AIO_CANCELED and so on, of one (or, for NULL, all) of fd's. */
int px_aio_drop(int fd, const struct aiocb *cb);

void px_aio_group_put(struct px_aio_group *group);

/* All of its requests have been submitted: from now on it can be told that none is left. */
void px_aio_group_begun(struct px_aio_group *group);

/* The descriptor is about to be closed: requests that have not begun are cancelled, the others hold
 * the file.  Only there in programs that make requests. */
void px_aio_closing(int fd) __attribute__((weak, visibility("hidden")));

/* Wait for the next one to end, if none has since px_aio_ended() was `since`: 0, -ETIMEDOUT,
 * -EINTR. */
uint32_t px_aio_ended(void);
int px_aio_wait(uint32_t since, exo_ns_t deadline);

#endif
