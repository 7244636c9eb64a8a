/* vector.h - x87, SSE and wider registers.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_VECTOR_H
#define X86_64_VECTOR_H

#include <stdint.h>

struct act;

extern uint32_t vector_mask; /* components that XSAVE keeps; 0: there is only FXSAVE */

/* Make the vector registers `act`'s: save the other's they hold, load its own,
 * or a clean state if it has none (or spoilt it). */
void vector_switch(struct act *act);

/* Save the state of an activation that this CPU no longer serves, so that
 * another can load it. */
void vector_settle(void);

#endif
