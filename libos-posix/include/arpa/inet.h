/* arpa/inet.h - addresses of the internet in words.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_ARPA_INET_H
#define _PX_ARPA_INET_H

#include <netinet/in.h>

#ifdef __cplusplus
extern "C" {
#endif

in_addr_t inet_addr(const char *);
char *inet_ntoa(struct in_addr);
const char *inet_ntop(int, const void *__restrict, char *__restrict, socklen_t);
int inet_pton(int, const char *__restrict, void *__restrict);
int inet_aton(const char *, struct in_addr *);

#ifdef __cplusplus
}
#endif

#endif
