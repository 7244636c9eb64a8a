/* libexo.h - what the parts of libexo share among themselves.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_H
#define LIBEXO_H

#include <exo/start.h>
#include <libexo/map.h>

void xo_relocate(void);
_Noreturn void xo_begin(struct exo_start *start);

/* Add the missing tables above va: that of level `lowest` first, and what its own absence shows to
 * be missing above it.  0, or an error as of xo_map_run. */
long xo_add_tables(const struct xo_space *s, exo_va_t va, uint32_t lowest);

extern uint8_t xo_has_xsave;
extern uint8_t xo_has_pku;

#endif
