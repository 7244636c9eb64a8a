/* stdio_impl.h - in place of musl's: scanf reads from a struct px_scan instead of its FILE.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MUSL_STDIO_IMPL_H
#define MUSL_STDIO_IMPL_H

#include "../../../libos-posix/libc/scan.h"

#define FILE          struct px_scan
#define vfscanf       __px_scan
#define __toread(f)   ((void)0)
#define FLOCK(f)      ((void)0)
#define FUNLOCK(f)    ((void)0)

#endif
