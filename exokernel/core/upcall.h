/* upcall.h - entering an environment, and going on where it was.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_UPCALL_H
#define CORE_UPCALL_H

#include <core/env.h>

/* Save what `t` interrupted in the activation's next frame.  False: there is
 * none, or the activation makes no sense. */
bool upcall_save(struct act *act, const struct trap *t);

/* Must asynchronous upcalls wait (and only raise `pending`)? */
bool upcall_held(const struct act *act);

/* Save, and change t to enter the environment's upcall entry.  False as above. */
bool upcall_deliver(struct act *act, struct trap *t, uint64_t kind, uint64_t addr);

/* Fill t for an activation that is not running: its START, or its newest frame
 * - resumed, or handed to an upcall of `kind` (0: resumed). */
bool upcall_start(struct act *act, struct trap *t);
bool upcall_resume(struct act *act, struct trap *t, uint64_t kind);

#endif
