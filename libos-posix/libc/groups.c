/* groups.c - groups of a process besides its own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A list lies in the arena and is never changed: processes share it until one sets another.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <fd/file.h>
#include <grp.h>
#include <libc/groups.h>
#include <stdlib.h>
#include <unistd.h>
#include <vm/copy.h>

#define MOST (int)PX_GROUPS_MAX

static struct px_groups *groups_new(int n)
{
	struct px_groups *g = px_alloc(sizeof(*g) + (size_t)n * sizeof(gid_t));

	if (g) {
		g->refs = 1;
		g->count = (uint32_t)n;
	}
	return g;
}

static int ascending(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

	return (x > y) - (x < y);
}

int setgroups(int n, const gid_t *user)
{
	struct px_groups *g = NULL, *before;

	if (px_me->user.effective)
		return (int)px_result(-EPERM);
	if (n < 0 || (size_t)n > PX_GROUPS_MAX)
		return (int)px_result(-EINVAL);
	if (n && !(g = groups_new(n)))
		return (int)px_result(-ENOMEM);
	if (n && px_copy_from(g->group, user, (size_t)n * sizeof(gid_t))) {
		px_free(g);
		return (int)px_result(-EFAULT);
	}
	if (g)
		qsort(g->group, (size_t)n, sizeof(gid_t), ascending); /* as Linux has them */
	px_enter();
	before = px_me->groups;
	px_me->groups = g;
	px_groups_put(before);
	px_leave();
	return 0;
}

int initgroups(const char *user, gid_t group)
{
	int n = MOST, r = -ENOMEM;
	gid_t *list = malloc((size_t)n * sizeof(*list));

	if (list) {
		getgrouplist(user, group, list, &n);
		r = setgroups(n < MOST ? n : MOST, list);
	}
	free(list);
	return r == -ENOMEM ? (int)px_result(r) : r;
}
