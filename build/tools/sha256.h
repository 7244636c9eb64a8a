/* sha256.h - SHA-256 (FIPS 180-4).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

void sha256(uint8_t out[32], const void *data, size_t n);

/* 64 hexadecimal digits and a zero byte. */
void sha256_text(char text[65], const uint8_t sum[32]);

#endif
