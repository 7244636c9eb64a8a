/* sys/un.h - addresses of UNIX sockets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_UN_H
#define _PX_SYS_UN_H

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};

#define SUN_LEN(a) (offsetof(struct sockaddr_un, sun_path) + strlen((a)->sun_path))

#endif
