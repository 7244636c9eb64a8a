/* fs.h - the process's view of the file system.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_FS_H
#define PX_FS_H

#include <exo/archive.h>
#include <fs/root.h>

/* The root in use: that of the archive, or an empty one. */
extern const struct root_head *px_root;

/* Find the root directory of image `image` in a mapped archive (may be NULL).
 * False if there is one but it makes no sense. */
bool px_root_init(const struct exo_archive *archive, uint32_t image);

#endif
