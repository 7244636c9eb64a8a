/* program.h - a linked application becomes a flat program (exo/archive.h).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "host.h"

/* Read the static PIE at `path`; dies, saying why, of anything else. */
struct blob program_from_elf(const char *path, bool allow_wx);

#endif
