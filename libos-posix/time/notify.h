/* notify.h - timers that start threads.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_NOTIFY_H
#define PX_NOTIFY_H

#include <pthread.h>

/* See to it that there is a thread that starts others.  0 or -EAGAIN. */
int px_notify_start(void);

/* A copy of attributes to start threads with, to be freed; NULL: no memory. */
pthread_attr_t *px_notify_attributes(const pthread_attr_t *attr);

#endif
