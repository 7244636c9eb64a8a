/* sys/_pthreadtypes.h - the sizes of POSIX threads' objects, with room to grow inside.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Every static initializer is all zero bytes, so objects in shared or zeroed
 * memory are valid without a constructor.
 */
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <sys/sched.h>

typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;
typedef struct {
	int __state;
} pthread_once_t;
typedef volatile int pthread_spinlock_t;

typedef union {
	int __word[14];
	unsigned long __align;
} pthread_attr_t;
typedef union {
	volatile int __word[10];
	unsigned long __align;
} pthread_mutex_t;
typedef union {
	volatile int __word[12];
	unsigned long __align;
} pthread_cond_t;
typedef union {
	volatile int __word[14];
	unsigned long __align;
} pthread_rwlock_t;
typedef union {
	volatile int __word[8];
	unsigned long __align;
} pthread_barrier_t;

typedef struct {
	unsigned int __word[2];
} pthread_mutexattr_t;
typedef struct {
	unsigned int __word[2];
} pthread_condattr_t;
typedef struct {
	unsigned int __word[2];
} pthread_rwlockattr_t;
typedef struct {
	unsigned int __word[2];
} pthread_barrierattr_t;

#define _PTHREAD_MUTEX_INITIALIZER                                                                 \
	{                                                                                          \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}
#define _PTHREAD_COND_INITIALIZER                                                                  \
	{                                                                                          \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}
#define _PTHREAD_RWLOCK_INITIALIZER                                                                \
	{                                                                                          \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}
#define _PTHREAD_ONCE_INIT                                                                         \
	{                                                                                          \
		0                                                                                  \
	}

#define PTHREAD_SCOPE_SYSTEM     0
#define PTHREAD_SCOPE_PROCESS    1
#define PTHREAD_INHERIT_SCHED    0
#define PTHREAD_EXPLICIT_SCHED   1
#define PTHREAD_CREATE_JOINABLE  0
#define PTHREAD_CREATE_DETACHED  1
#define PTHREAD_PROCESS_PRIVATE  0
#define PTHREAD_PROCESS_SHARED   1
#define PTHREAD_PRIO_NONE        0
#define PTHREAD_PRIO_INHERIT     1
#define PTHREAD_PRIO_PROTECT     2
#define PTHREAD_MUTEX_NORMAL     0
#define PTHREAD_MUTEX_RECURSIVE  1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT    PTHREAD_MUTEX_NORMAL

#endif
