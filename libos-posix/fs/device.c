/* device.c - /dev/null and its like.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/random.h>
#include <errno.h>
#include <fs/device.h>
#include <fs/mem.h>
#include <sys/stat.h>
#include <vm/copy.h>

const struct px_device_name px_device_names[] = {
	{"null", S_IFCHR | 0666, PX_DEV_NULL, NULL},
	{"zero", S_IFCHR | 0666, PX_DEV_ZERO, NULL},
	{"full", S_IFCHR | 0666, PX_DEV_FULL, NULL},
	{"random", S_IFCHR | 0666, PX_DEV_RANDOM, NULL},
	{"urandom", S_IFCHR | 0666, PX_DEV_URANDOM, NULL},
	{"console", S_IFCHR | 0600, PX_DEV_CONSOLE, NULL},
	{"tty", S_IFCHR | 0666, PX_DEV_TTY, NULL},
	{"fd", S_IFLNK | 0777, 0, "/proc/self/fd"},
	{"stdin", S_IFLNK | 0777, 0, "/proc/self/fd/0"},
	{"stdout", S_IFLNK | 0777, 0, "/proc/self/fd/1"},
	{"stderr", S_IFLNK | 0777, 0, "/proc/self/fd/2"},
	{NULL, 0, 0, NULL},
};

/* Without a real source there is nothing random to give out. */
static ssize_t read_random(char *to, size_t n)
{
	unsigned char bytes[256];
	size_t done = 0;

	if (!px_random_ask())
		return -EIO;
	while (done < n) {
		size_t part = n - done < sizeof(bytes) ? n - done : sizeof(bytes);

		px_random_bytes(bytes, part);
		if (px_copy_to(to + done, bytes, part))
			return done ? (ssize_t)done : -EFAULT;
		done += part;
	}
	return (ssize_t)n;
}

static ssize_t device_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	size_t left;

	(void)offset;
	(void)flags;
	switch (px_node_of(v)->device) {
	case PX_DEV_NULL:
		return 0;
	case PX_DEV_ZERO:
	case PX_DEV_FULL:
		left = px_clear_to(to, n);
		return left && left == n ? -EFAULT : (ssize_t)(n - left);
	case PX_DEV_RANDOM:
	case PX_DEV_URANDOM:
		return read_random(to, n);
	}
	return -ENXIO;
}

static ssize_t device_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
			    uint32_t flags)
{
	(void)from;
	(void)offset;
	(void)flags;
	if (px_node_of(v)->device == PX_DEV_FULL)
		return -ENOSPC;
	return (ssize_t)n;
}

static int64_t device_size(struct px_vnode *v)
{
	(void)v;
	return 0;
}

const struct px_ops px_device_ops = {
	.read = device_read,
	.write = device_write,
	.stat = px_mem_stat,
	.size = device_size,
	.still = true,
};
