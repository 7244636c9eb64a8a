/* root.h - a directory becomes a packed root (libos-posix/root_format.h).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef ROOT_H
#define ROOT_H

#include "host.h"

/* Pack the directory `path`.  The same names, modes and contents give the
 * same bytes: owners are 0, every time is `mtime`. */
struct blob root_from_directory(const char *path, int64_t mtime);

struct root_summary {
	uint64_t files, directories, links, file_bytes;
};

/* Count what a packed root holds; false if it makes no sense. */
bool root_summarize(struct root_summary *sum, const struct blob *b);

#endif
