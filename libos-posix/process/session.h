/* session.h - process groups, sessions and their terminals.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A process knows its session's terminal (px_process.tty), a terminal the session and the group in
 * front.  All of this inside.
 */
#ifndef PX_SESSION_H
#define PX_SESSION_H

#include <env/process.h>
#include <fd/tty.h>

/* Is there a process of that group, in that session (0: any)? */
bool px_group_in(uint32_t group, uint32_t session);

/* p ends.  If it leads a session, that loses its terminal; groups with stopped members that nobody
 * is left to continue are continued to end. */
void px_session_end(struct px_process *p);

#endif
