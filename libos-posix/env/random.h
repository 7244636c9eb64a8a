/* random.h - random numbers of this boot.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_RANDOM_H
#define PX_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Take the seed of the start block over; `good`: it is one nobody can guess. */
void px_random_init(uint8_t seed[32], bool good);

/* In a new process: go on from a seed that its parent has drawn for it, and forget that. */
void px_random_fork(uint8_t seed[32]);

/* Bytes of a ChaCha20 stream (RFC 8439) whose key is replaced with each block,
 * so what was handed out cannot be computed back. */
void px_random_bytes(void *to, size_t n);
uint64_t px_random64(void);

/* Can nobody guess them? */
bool px_random_good(void);

/* May random numbers be given to the program?  Not if somebody could guess the
 * seed: then it is said once why, and the caller fails with EIO. */
bool px_random_ask(void);

#endif
