/* record.h - locks on parts of files: fcntl(F_SETLK) and its like.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_RECORD_H
#define PX_RECORD_H

#include <fcntl.h>
#include <fd/file.h>

/* F_GETLK, F_SETLK, F_SETLKW and the three of open files (F_OFD_...).  Outside critical sections.
 * 0 or an error. */
int px_record_lock(struct px_file *f, int command, struct flock *user);

#endif
