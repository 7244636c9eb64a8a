/* seal.h - what may not be done any more to a file that is memory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_SEAL_H
#define PX_SEAL_H

#include <fcntl.h>
#include <fs/mem.h>

#define PX_SEALS 0x80 /* in px_node.seals: it can have seals */

/* F_ADD_SEALS and F_GET_SEALS: seals, 0 or an error.  Inside. */
int px_seals_add(struct px_file *f, long seals);
int px_seals_get(const struct px_file *f);

#endif
