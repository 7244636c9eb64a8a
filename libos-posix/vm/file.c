/* file.c - regions of files.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * No file can be mapped yet: the file systems do not say where their pages are.
 */
#include <env/arena.h>
#include <errno.h>
#include <fd/file.h>
#include <vm/vm.h>

long px_map_file(int fd, bool shared, uint32_t prot, uint32_t *vnode, uint8_t *flags)
{
	(void)fd, (void)shared, (void)prot, (void)vnode, (void)flags;
	return -ENODEV;
}

void px_vnode_keep(uint32_t vnode)
{
	(void)vnode;
}

void px_vnode_drop(uint32_t vnode)
{
	(void)vnode;
}

enum px_fault px_fault_file(const struct px_region *r, exo_va_t va, bool write)
{
	(void)r, (void)va, (void)write;
	return PX_FAULT_PAST;
}
