/* lz.h - compress one page.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A sequence of
 *     0..127, then that many + 1 bytes        as they are
 *     128..255, distance (2 bytes, little endian)   code - 128 + LZ_MATCH_MIN bytes
 *                                             as they stood that far back
 */
#ifndef LZ_H
#define LZ_H

#include <exo/types.h>
#include <stdbool.h>

#define LZ_MATCH_MIN 4
#define LZ_WORST     (EXO_PAGE_SIZE + EXO_PAGE_SIZE / 128)

/* Compress the page at `from` to at most LZ_WORST bytes.  Returns how many. */
unsigned lz_pack(uint8_t *to, const uint8_t *from);

/* The reverse, from n bytes.  Returns false if they are not a page. */
bool lz_unpack(uint8_t *to, const uint8_t *from, unsigned n);

#endif
