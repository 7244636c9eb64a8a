/* sys/file.h - locks on whole files.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_FILE_H
#define _PX_SYS_FILE_H

#include <fcntl.h>

#ifndef L_SET
#define L_SET  0
#define L_INCR 1
#define L_XTND 2
#endif

#endif
