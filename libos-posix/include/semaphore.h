/* semaphore.h - counting semaphores.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SEMAPHORE_H
#define _PX_SEMAPHORE_H

#include <fcntl.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEM_FAILED    ((sem_t *)0)
#define SEM_VALUE_MAX 0x7fffffff

typedef union {
	volatile int __word[8];
	unsigned long __align;
} sem_t;

int sem_init(sem_t *, int, unsigned int);
int sem_destroy(sem_t *);
sem_t *sem_open(const char *, int, ...);
int sem_close(sem_t *);
int sem_unlink(const char *);
int sem_wait(sem_t *);
int sem_trywait(sem_t *);
int sem_timedwait(sem_t *__restrict, const struct timespec *__restrict);
#if __GNU_VISIBLE
int sem_clockwait(sem_t *__restrict, clockid_t, const struct timespec *__restrict);
#endif
int sem_post(sem_t *);
int sem_getvalue(sem_t *__restrict, int *__restrict);

#ifdef __cplusplus
}
#endif

#endif
