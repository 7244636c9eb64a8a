/* sys/poll.h - another name of <poll.h>.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_POLL_H
#define _PX_SYS_POLL_H

#include <poll.h>

#endif
