/* console.h - the first environment's rings on the serial port.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <exo/types.h>

struct env;

/* Serve the rings in frames pfn, pfn + 1 of env. */
void console_bind(struct env *env, exo_pfn_t pfn);

void console_interrupt(void); /* the port has something to say */
void console_finish(void);    /* write out all that is queued, however long it takes */

#endif
