/* sys/vfs.h - another name of <sys/statfs.h>.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_VFS_H
#define _PX_SYS_VFS_H

#include <sys/statfs.h>

#endif
