/* console.h - the console rings of exo/ring.h.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One producer, one consumer: the libOS sees to it that only one activation
 * at a time writes, and only one reads.
 */
#ifndef LIBEXO_CONSOLE_H
#define LIBEXO_CONSOLE_H

#include <exo/ring.h>
#include <stddef.h>

/* Use the rings at `console` (NULL: there is none) under slot `cap`.  libexo
 * has done it with those of the start block.  Returns 0, or -EXO_E_VERSION if
 * the rings are not what exo/ring.h says; then there is no console either. */
long xo_console_init(struct exo_console *console, exo_cap_t cap);

/* Queue all n bytes, sleeping while the ring is full, and tell the server.
 * Without a console the bytes are dropped.  General registers only. */
void xo_console_write(const void *data, size_t n);

/* Queue as many of n bytes as there is room for; never sleeps.  Returns how many.  If they were not all
 * of them the event EXO_EVENT_CONSOLE_OUT will say that there is room again. */
size_t xo_console_put(const void *data, size_t n);

/* How many bytes there is room for now; as many as can be without a console. */
size_t xo_console_room(void);
#define XO_CONSOLE_ROOM sizeof(((struct exo_console *)0)->out_data)

/* The rings serve several environments, one after the other: go on where the last one left them.  Before
 * any of the other calls. */
void xo_console_resume(void);

/* Take up to n typed bytes that are there; never sleeps.  To wait for some,
 * sleep on EXO_EVENT_CONSOLE_IN in activation 0, clearing the bit first. */
size_t xo_console_read(void *data, size_t n);

/* Return when the server has taken everything that was queued. */
void xo_console_flush(void);

#endif
