/* limits.h - newlib's, with the bounds that threads have here.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_LIMITS_H
#define _PX_LIMITS_H

#include_next <limits.h>

#undef PTHREAD_DESTRUCTOR_ITERATIONS
#undef PTHREAD_KEYS_MAX
#undef PTHREAD_STACK_MIN
#undef PTHREAD_THREADS_MAX
#undef SEM_NSEMS_MAX
#undef AIO_LISTIO_MAX
#undef AIO_MAX
#undef AIO_PRIO_DELTA_MAX
#undef MQ_OPEN_MAX
#undef MQ_PRIO_MAX
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_KEYS_MAX              1024
#define PTHREAD_STACK_MIN             16384
#define AIO_PRIO_DELTA_MAX            20
#define MQ_PRIO_MAX                   32768

#endif
