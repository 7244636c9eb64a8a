/* start.h - from the first instruction to the libOS.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_START_H
#define LIBEXO_START_H

#include <exo/info.h>
#include <exo/start.h>

/* Defined by the libOS.  Runs on a stack of 16 KiB, with the program
 * relocated, versions checked, activation 0 filled in (no asynchronous
 * upcalls wanted) and GS base pointing to it. */
_Noreturn void exo_main(struct exo_start *start);

/* Status with which a program stops that was started by something of another
 * version, before it can say anything. */
#define XO_STATUS_VERSION	126

/* Use what the start block says: for a program that is begun in another way than by START, relocated, with
 * its activation running.  It is of the right version. */
void xo_take_up(struct exo_start *start);

/* Set before exo_main. */
extern struct exo_start *xo_start;
extern const struct exo_info *xo_info;

/* What build/user.ld says about the program, as addresses. */
extern char __image_start[] __attribute__((visibility("hidden")));
extern char __image_end[] __attribute__((visibility("hidden")));
extern char __text_start[] __attribute__((visibility("hidden")));
extern char __text_end[] __attribute__((visibility("hidden")));

#endif
