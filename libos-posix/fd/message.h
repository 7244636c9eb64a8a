/* message.h - messages of sockets: what is dropped with them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_MESSAGE_H
#define PX_MESSAGE_H

#include <fd/file.h>

struct px_claims;

/* The innermost message that is being made goes, with the files it carries.  Inside; only there
 * with sockets. */
void px_message_drop(struct px_claims *c) PX_IF_USED;

#endif
