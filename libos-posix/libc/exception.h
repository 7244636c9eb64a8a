/* exception.h - processor exceptions as signals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_EXCEPTION_H
#define PX_EXCEPTION_H

#include <exo/upcall.h>
#include <signal.h>
#include <stdbool.h>

/* In an upcall: let what f interrupted go on in the handler of signal `number`.  False if there is
 * none, or if it cannot run. */
bool px_exception(struct exo_frame *f, int number, int code, uint64_t addr);

/* Would a handler run? */
bool px_signal_handled(int number);

/* Run it, with the signals blocked that it wants blocked. */
void px_signal_handle(int number, siginfo_t *info, void *context);

#endif
