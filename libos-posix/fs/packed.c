/* packed.c - where the packed root directory lies.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fs/fs.h>
#include <util/archive.h>

/* What an image without --rootfs has: an empty directory. */
static const struct {
	struct root_head head;
	struct root_node node;
	char name[8];
} empty = {
	.head =
		{
			.magic = ROOT_MAGIC,
			.version = ROOT_VERSION,
			.nodes = 1,
			.bytes = sizeof(empty),
			.names = offsetof(__typeof__(empty), name),
			.name_bytes = sizeof(empty.name),
		},
	.node =
		{
			.mode = ROOT_MODE_DIR | 0755,
			.nlink = 2,
			.name = offsetof(__typeof__(empty), name),
		},
};

const struct root_head *px_root = &empty.head;
static const char *archive_start;
static exo_pfn_t archive_frame;

static const struct exo_entry *find(const struct exo_archive *archive, uint32_t image,
				    exo_pfn_t first)
{
	archive_start = (const char *)archive;
	archive_frame = first;
	return archive ? archive_find(archive, image, EXO_ENTRY_ROOT, NULL) : NULL;
}

bool px_root_init(const struct exo_archive *archive, uint32_t image, exo_pfn_t first)
{
	const struct exo_entry *e = find(archive, image, first);

	if (e && !root_check(archive_data(archive, e), e->bytes))
		return false;
	if (e)
		px_root = archive_data(archive, e);
	return true;
}

void px_root_use(const struct exo_archive *archive, uint32_t image, exo_pfn_t first)
{
	const struct exo_entry *e = find(archive, image, first);

	if (e)
		px_root = archive_data(archive, e);
}

exo_pfn_t px_packed_frame(const void *p)
{
	return archive_frame + ((uint64_t)((const char *)p - archive_start) >> EXO_PAGE_SHIFT);
}

bool px_packed_holds(const void *p)
{
	return (uintptr_t)p - (uintptr_t)px_root < px_root->bytes;
}
