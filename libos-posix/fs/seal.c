/* seal.c - what may not be done any more to a file that is memory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fs/seal.h>
#include <sys/stat.h>

#define ALL                                                                                        \
	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE |          \
	 F_SEAL_EXEC)

static struct px_node *sealable(const struct px_file *f)
{
	struct px_node *node = px_node_of(f->vnode);

	return f->vnode->kind == PX_MEM && node->seals & PX_SEALS ? node : NULL;
}

/* Whether a mapping may write is not known here: as long as anything besides this open file refers
 * to it, one might. */
int px_seals_add(struct px_file *f, long seals)
{
	struct px_node *node = sealable(f);

	if (!(f->flags & O_ACCMODE))
		return -EPERM;
	if (!node || seals & ~ALL)
		return -EINVAL;
	if (node->seals & F_SEAL_SEAL)
		return -EPERM;
	if (seals & F_SEAL_WRITE && !(node->seals & F_SEAL_WRITE) && f->vnode->refs > 1)
		return -EBUSY;
	node->seals |= (uint8_t)seals;
	return 0;
}

int px_seals_get(const struct px_file *f)
{
	const struct px_node *node = sealable(f);

	return node ? node->seals & ALL : -EINVAL;
}
