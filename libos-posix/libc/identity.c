/* identity.c - who the process is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <errno.h>
#include <fd/file.h>
#include <libc/groups.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include <vm/copy.h>

pid_t getpid(void)
{
	return (pid_t)px_process_number;
}

pid_t getppid(void)
{
	return px_me->parent ? (pid_t)px_me->parent->number : 0;
}

uid_t getuid(void)
{
	return px_me->user.real;
}

uid_t geteuid(void)
{
	return px_me->user.effective;
}

gid_t getgid(void)
{
	return px_me->group_ids.real;
}

gid_t getegid(void)
{
	return px_me->group_ids.effective;
}

int issetugid(void)
{
	return px_me->secure;
}

int getgroups(int n, gid_t *list)
{
	gid_t group[PX_GROUPS_MAX];
	const struct px_groups *g;
	size_t count;

	px_enter();
	g = px_me->groups;
	count = g ? g->count : 0;
	if (g)
		memcpy(group, g->group, count * sizeof(gid_t));
	px_leave();
	if (n < 0 || (n && (size_t)n < count))
		return (int)px_result(-EINVAL);
	if (n && px_copy_to(list, group, count * sizeof(gid_t)))
		return (int)px_result(-EFAULT);
	return (int)count;
}

/* Nobody logged in. */
char *getlogin(void)
{
	errno = ENXIO;
	return NULL;
}

int getlogin_r(char *name, size_t size)
{
	(void)name;
	(void)size;
	return ENXIO;
}
