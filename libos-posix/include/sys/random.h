/* sys/random.h - random bytes from the machine.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_RANDOM_H
#define _PX_SYS_RANDOM_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GRND_NONBLOCK 1
#define GRND_RANDOM   2
#define GRND_INSECURE 4

ssize_t getrandom(void *, size_t, unsigned int);
int getentropy(void *, size_t);

#ifdef __cplusplus
}
#endif

#endif
