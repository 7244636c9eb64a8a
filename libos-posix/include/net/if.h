/* net/if.h - network interfaces: Linux's numbers.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_NET_IF_H
#define _PX_NET_IF_H

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IFNAMSIZ    16
#define IF_NAMESIZE 16

#define IFF_UP          0x1
#define IFF_BROADCAST   0x2
#define IFF_LOOPBACK    0x8
#define IFF_POINTOPOINT 0x10
#define IFF_RUNNING     0x40
#define IFF_PROMISC     0x100
#define IFF_MULTICAST   0x1000

struct if_nameindex {
	unsigned int if_index;
	char *if_name;
};

struct ifreq {
	char ifr_name[IFNAMSIZ];
	union {
		struct sockaddr __addr;
		short __flags;
		int __value;
		char __room[24];
	} __u;
};
#define ifr_addr      __u.__addr
#define ifr_broadaddr __u.__addr
#define ifr_netmask   __u.__addr
#define ifr_hwaddr    __u.__addr
#define ifr_flags     __u.__flags
#define ifr_ifindex   __u.__value
#define ifr_mtu       __u.__value

unsigned int if_nametoindex(const char *);
char *if_indextoname(unsigned int, char *);
struct if_nameindex *if_nameindex(void);
void if_freenameindex(struct if_nameindex *);

#ifdef __cplusplus
}
#endif

#endif
