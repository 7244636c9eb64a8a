/* sys/sysmacros.h - the parts of a device number, as Linux packs them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_SYSMACROS_H
#define _PX_SYS_SYSMACROS_H

#include <sys/types.h>

#define major(d) ((unsigned int)(((d) >> 8 & 0xfff) | ((d) >> 32 & ~0xffful)))
#define minor(d) ((unsigned int)(((d)&0xff) | ((d) >> 12 & ~0xfful)))
#define makedev(x, y)                                                                              \
	((dev_t)(((x)&0xfffull) << 8 | ((x)&0xfffff000ull) << 32 | ((y)&0xffull) |                 \
		 ((y)&0xffffff00ull) << 12))
#define gnu_dev_major(d)      major(d)
#define gnu_dev_minor(d)      minor(d)
#define gnu_dev_makedev(x, y) makedev(x, y)

#endif
