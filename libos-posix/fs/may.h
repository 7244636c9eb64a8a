/* may.h - who may do what with a file: what the bits of its mode say (XBD 4.5, File Access
 * Permissions).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Rules for the processes of one image, all of which use this library: they protect from mistakes.
 * What protects images from each other is the kernel.
 */
#ifndef PX_MAY_H
#define PX_MAY_H

#include <env/process.h>
#include <fs/mem.h>
#include <stdbool.h>

#define PX_MAY_READ   4
#define PX_MAY_WRITE  2
#define PX_MAY_SEARCH 1                              /* a directory; another file is executed */
#define PX_MAY_NAME   (PX_MAY_WRITE | PX_MAY_SEARCH) /* make names in it, and take them away */

/* Inside, all of them.  Is this group one of the process's? */
bool px_has_group(uint32_t group);

/* May it do all of this, by its effective numbers, or by its real ones (access)?  0 or -EACCES. The
 * superuser may, but execute what nobody may. */
int px_may_usually(const struct px_node *node, unsigned int what);
int px_may_really(const struct px_node *node, unsigned int what);

/* The first of them for all but execution: the superuser's processes need no look at the node. */
static inline int px_may(const struct px_node *node, unsigned int what)
{
	return px_me->user.effective ? px_may_usually(node, what) : 0;
}

/* May it do what only the owner may?  0 or -EPERM. */
int px_may_own(const struct px_node *node);

/* May it take the name of `node` away from `dir`?  0, -EACCES, -EPERM. */
int px_may_take(const struct px_node *dir, const struct px_node *node);

/* It does not run as its owner or for its group any more.  Without the bit that lets its group
 * execute it, S_ISGID means something else, and stays if the group is one of the process's. */
void px_node_unset_ids(struct px_node *node);

/* A new node in `dir`: its group may be the directory's (S_ISGID), but then it runs for that group
 * only if this is one of the process's. */
void px_node_inherit(const struct px_node *dir, struct px_node *node);

#endif
