/* root_format.h - the packed read-only root directory (an EXO_ENTRY_ROOT).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Written by the image tool, read in place by libos-posix.  Integers are
 * little endian; every offset counts from the start of struct root_head.
 *
 *     struct root_head
 *     struct root_node[nodes]	node 0 is the root directory, its own parent
 *     names			zero-terminated names and symbolic-link targets
 *     data			regular files' bytes, page aligned, zero padded
 *
 * The children of a directory stand together, sorted by name as unsigned
 * bytes (strcmp), so a lookup is a binary search; a directory stands before
 * its children.  "." and ".." are not stored.  Hard links are nodes of their
 * own with the same `inode` and the same data.
 */
#ifndef ROOT_FORMAT_H
#define ROOT_FORMAT_H

#include <stdint.h>

#define ROOT_MAGIC   0x544f4f52584f5845 /* "EXOXROOT" */
#define ROOT_VERSION 1

struct root_head {
	uint64_t magic;
	uint32_t version;
	uint32_t nodes; /* at least 1 */
	uint64_t bytes; /* of everything, a multiple of the page size */
	uint64_t names; /* offset of the names */
	uint64_t name_bytes;
	uint64_t zero[3];
};
_Static_assert(sizeof(struct root_head) == 64, "format");

/* POSIX's own numbers (sys/stat.h): kind and permissions in one word. */
#define ROOT_MODE_KIND 0170000
#define ROOT_MODE_DIR  0040000
#define ROOT_MODE_FILE 0100000
#define ROOT_MODE_LINK 0120000

struct root_node {
	uint32_t parent; /* number of the directory's node */
	uint32_t inode;  /* number of the first node with this content, usually its own */
	uint32_t mode;
	uint32_t nlink; /* directories: 2 + subdirectories */
	uint32_t uid, gid;
	int64_t mtime;     /* seconds since 1970 */
	uint64_t name;     /* offset, inside the names; the root's is "" */
	uint64_t data;     /* offset: file: page aligned; link: its target, inside the names */
	uint64_t size;     /* bytes of a file or of a link's target; 0 for a directory */
	uint32_t child;    /* directory: number of the first child's node */
	uint32_t children; /* how many */
};
_Static_assert(sizeof(struct root_node) == 64, "format");

#endif
