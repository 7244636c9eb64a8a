/* may.c - who may do what with a file.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fs/device.h>
#include <fs/may.h>
#include <libc/groups.h>
#include <sys/stat.h>

static bool is_other_group(uint32_t group)
{
	const struct px_groups *g = px_me->groups;

	for (uint32_t i = 0; g && i < g->count; i++)
		if (g->group[i] == group)
			return true;
	return false;
}

bool px_has_group(uint32_t group)
{
	return group == px_me->group_ids.effective || is_other_group(group);
}

/* The process's own descriptors are nobody else's, whatever its user. */
static int may(const struct px_node *node, unsigned int what, uint32_t user, uint32_t group)
{
	uint32_t mode = node->v.mode;
	bool is_dir = S_ISDIR(mode);

	if (!user)
		return what & PX_MAY_SEARCH && !is_dir && !(mode & 0111) ? -EACCES : 0;
	if (is_dir && node->device == PX_DEV_FDS)
		return 0;
	if (user == node->uid)
		mode >>= 6;
	else if (group == node->gid || is_other_group(node->gid))
		mode >>= 3;
	return what & ~mode ? -EACCES : 0;
}

int px_may_usually(const struct px_node *node, unsigned int what)
{
	return may(node, what, px_me->user.effective, px_me->group_ids.effective);
}

int px_may_really(const struct px_node *node, unsigned int what)
{
	return may(node, what, px_me->user.real, px_me->group_ids.real);
}

int px_may_own(const struct px_node *node)
{
	uint32_t user = px_me->user.effective;

	return !user || user == node->uid ? 0 : -EPERM;
}

int px_may_take(const struct px_node *dir, const struct px_node *node)
{
	int r = px_may(dir, PX_MAY_NAME);

	return !r && dir->v.mode & S_ISVTX && px_may_own(dir) ? px_may_own(node) : r;
}

void px_node_unset_ids(struct px_node *node)
{
	node->v.mode &= ~(uint32_t)S_ISUID;
	if (node->v.mode & S_IXGRP || (px_me->user.effective && !px_has_group(node->gid)))
		node->v.mode &= ~(uint32_t)S_ISGID;
}

void px_node_inherit(const struct px_node *dir, struct px_node *node)
{
	if (!(dir->v.mode & S_ISGID))
		return;
	node->gid = dir->gid;
	if (S_ISDIR(node->v.mode))
		node->v.mode |= S_ISGID;
	else if (node->v.mode & S_IXGRP && px_me->user.effective && !px_has_group(dir->gid))
		node->v.mode &= ~(uint32_t)S_ISGID;
}
