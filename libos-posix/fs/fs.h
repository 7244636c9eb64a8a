/* fs.h - the packed root directory that the file system starts from.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_FS_H
#define PX_FS_H

#include <exo/archive.h>
#include <fs/root.h>

/* The root in use: that of the archive, or an empty one. */
extern const struct root_head *px_root;

/* Find the root directory of image `image` in a mapped archive (may be NULL)
 * that lies in frames from `first` on.  False if there is one but it makes no
 * sense. */
bool px_root_init(const struct exo_archive *archive, uint32_t image, exo_pfn_t first);

/* The same of an image whose root was found to make sense. */
void px_root_use(const struct exo_archive *archive, uint32_t image, exo_pfn_t first);

/* The frame that a byte of the packed root lies in; whether it is one. */
exo_pfn_t px_packed_frame(const void *p);
bool px_packed_holds(const void *p);

#endif
