/* crc32c.h - CRC-32C (RFC 3720 appendix B.4) by the SSE4.2 instruction.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UTIL_CRC32C_H
#define UTIL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Continue `crc` (0 at the start) over n bytes. */
uint32_t crc32c(uint32_t crc, const void *data, size_t n);

#endif
