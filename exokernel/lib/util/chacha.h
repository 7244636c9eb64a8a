/* chacha.h - the ChaCha20 block function (RFC 8439, section 2.3).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UTIL_CHACHA_H
#define UTIL_CHACHA_H

#include <stdint.h>

/* in: what follows the key in the state, counter and nonce. */
void chacha_block(uint32_t out[16], const uint32_t key[8], const uint32_t in[4]);

#endif
