/* shared.c - files that are memory: without a name, and under a name of their own.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/mem.h>
#include <fs/path.h>
#include <fs/seal.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vm/copy.h>

#define PREFIX    "memfd:"
#define NAME_MOST 249 /* what Linux allows besides */

/* Inside: the file, whose node is called so although no directory has it. */
static struct px_file *make(const char *name, size_t n, unsigned int flags)
{
	struct px_node *node = px_node_new(S_IFREG | 0777);
	struct px_name *e = node ? px_name_new(name, n) : NULL;
	struct px_file *f = e ? px_file_new(&node->v, O_RDWR | PX_LARGE_FILES) : NULL;

	if (f) {
		node->name = e;
		node->seals = PX_SEALS | (flags & MFD_ALLOW_SEALING ? 0 : F_SEAL_SEAL);
		if (flags & MFD_NOEXEC_SEAL) {
			node->v.mode &= ~0111u;
			node->seals = PX_SEALS | F_SEAL_EXEC;
		}
		return f;
	}
	px_free(e);
	if (node)
		px_node_check(node);
	return NULL;
}

int memfd_create(const char *user, unsigned int flags)
{
	char name[sizeof(PREFIX) + NAME_MOST + 1] = PREFIX;
	ssize_t n = px_string_from(name + sizeof(PREFIX) - 1, user, NAME_MOST + 1);
	struct px_file *f;
	int r = -ENOMEM;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC) ||
	    (flags & MFD_EXEC && flags & MFD_NOEXEC_SEAL))
		return (int)px_result(-EINVAL);
	if (n < 0 || n > NAME_MOST)
		return (int)px_result(n < 0 ? n : -EINVAL);
	px_enter();
	f = make(name, sizeof(PREFIX) - 1 + (size_t)n, flags);
	if (f)
		r = px_fd_install(f, 0, flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	px_leave();
	return (int)px_result(r);
}

/* /dev/shm/NAME, where slashes in front do not count. */
static int path_of(char path[], const char *name)
{
	static const char dir[] = "/dev/shm/";
	size_t n;

	while (*name == '/')
		name++;
	n = strlen(name);
	if (n > NAME_MAX)
		return -ENAMETOOLONG;
	if (!n || strchr(name, '/'))
		return -EINVAL;
	memcpy(path, dir, sizeof(dir) - 1);
	memcpy(path + sizeof(dir) - 1, name, n + 1);
	return 0;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[NAME_MAX + 16];
	int r = path_of(path, name);

	if (r)
		return (int)px_result(r);
	r = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode);
	if (r < 0 && errno == EISDIR) /* "." */
		errno = EINVAL;
	return r;
}

int shm_unlink(const char *name)
{
	char path[NAME_MAX + 16];
	int r = path_of(path, name);

	if (r)
		return (int)px_result(r == -EINVAL ? -ENOENT : r);
	return px_unlink_object(path);
}
