/* libexo.h - what the parts of libexo share among themselves.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_H
#define LIBEXO_H

#include <exo/start.h>

void xo_relocate(void);
_Noreturn void xo_begin(struct exo_start *start);

extern uint8_t xo_has_xsave;
extern uint8_t xo_has_pku;

#endif
