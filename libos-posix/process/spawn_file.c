/* spawn_file.c - what is done with descriptors before a new program begins.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <process/spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *all)
{
	*all = (posix_spawn_file_actions_t){.__count = 0};
	return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *all)
{
	for (int i = 0; i < all->__count; i++)
		free(all->__actions[i].path);
	free(all->__actions);
	return posix_spawn_file_actions_init(all);
}

static int add(posix_spawn_file_actions_t *all, const struct __spawn_action *action)
{
	if (all->__count == all->__room) {
		int room = 2 * all->__room + 4;
		struct __spawn_action *more =
			reallocarray(all->__actions, (size_t)room, sizeof(*more));

		if (!more)
			return ENOMEM;
		all->__actions = more;
		all->__room = room;
	}
	all->__actions[all->__count++] = *action;
	return 0;
}

static bool wrong(int fd)
{
	return fd < 0 || fd >= OPEN_MAX;
}

static int add_path(posix_spawn_file_actions_t *all, struct __spawn_action action, const char *path)
{
	int r;

	action.path = strdup(path);
	r = action.path ? add(all, &action) : ENOMEM;
	if (r)
		free(action.path);
	return r;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict all, int fd,
				     const char *restrict path, int flags, mode_t mode)
{
	if (wrong(fd))
		return EBADF;
	return add_path(all,
			(struct __spawn_action){
				.kind = PX_SPAWN_OPEN, .fd = fd, .flags = flags, .mode = mode},
			path);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *all, int fd, int to)
{
	if (wrong(fd) || wrong(to))
		return EBADF;
	return add(all, &(struct __spawn_action){.kind = PX_SPAWN_DUP, .fd = fd, .to = to});
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *all, int fd)
{
	if (wrong(fd))
		return EBADF;
	return add(all, &(struct __spawn_action){.kind = PX_SPAWN_CLOSE, .fd = fd});
}

int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *restrict all,
				      const char *restrict path)
{
	return add_path(all, (struct __spawn_action){.kind = PX_SPAWN_CHDIR}, path);
}

int posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *all, int fd)
{
	if (wrong(fd))
		return EBADF;
	return add(all, &(struct __spawn_action){.kind = PX_SPAWN_FCHDIR, .fd = fd});
}

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *all, int fd)
{
	if (wrong(fd))
		return EBADF;
	return add(all, &(struct __spawn_action){.kind = PX_SPAWN_CLOSE_FROM, .fd = fd});
}

int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t *all, int fd)
{
	if (wrong(fd))
		return EBADF;
	return add(all, &(struct __spawn_action){.kind = PX_SPAWN_FRONT, .fd = fd});
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict all,
					 const char *restrict path)
	__attribute__((alias("posix_spawn_file_actions_addchdir")));
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *all, int fd)
	__attribute__((alias("posix_spawn_file_actions_addfchdir")));

static int open_as(const struct __spawn_action *a)
{
	int fd, r;

	close(a->fd);
	fd = open(a->path, a->flags, a->mode);
	if (fd < 0 || fd == a->fd)
		return fd;
	r = dup2(fd, a->fd);
	close(fd);
	return r;
}

/* One that stays where it is shall be there in the new program. */
static int dup_to(int fd, int to)
{
	return fd == to ? fcntl(fd, F_SETFD, 0) : dup2(fd, to);
}

static int act(const struct __spawn_action *a)
{
	switch (a->kind) {
	case PX_SPAWN_OPEN:
		return open_as(a);
	case PX_SPAWN_DUP:
		return dup_to(a->fd, a->to);
	case PX_SPAWN_CLOSE:
		close(a->fd);
		return 0;
	case PX_SPAWN_CHDIR:
		return chdir(a->path);
	case PX_SPAWN_FCHDIR:
		return fchdir(a->fd);
	case PX_SPAWN_CLOSE_FROM:
		closefrom(a->fd);
		return 0;
	case PX_SPAWN_FRONT:
		return tcsetpgrp(a->fd, getpgrp());
	}
	return 0;
}

int px_spawn_act(const posix_spawn_file_actions_t *all)
{
	for (int i = 0; all && i < all->__count; i++)
		if (act(&all->__actions[i]) < 0)
			return -1;
	return 0;
}
