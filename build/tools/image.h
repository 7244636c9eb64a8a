/* image.h - images: an archive, and the files that carry one.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "host.h"

#include <exo/archive.h>

#define SETTINGS_MAX 256

struct pack_request {
	const char *program; /* linked application */
	const char *name;    /* of the image; NULL: from the program's */
	const char *root;    /* directory to pack, or NULL */
	const char *libos;   /* libos-posix.so, for programs that import it */
	bool allow_wx;
	int64_t mtime;
	unsigned int settings;
	const char *setting[SETTINGS_MAX];
};

/* One image, numbered 0, in an archive of its own. */
struct blob archive_pack(const struct pack_request *r);

/* Dies, naming `path`, if the archive or anything in it is damaged. */
void archive_verify(const char *path, const struct blob *b);

/* The kernel with the archive as one more segment and its record filled in. */
struct blob kernel_embed(const char *kernel_path, const char *archive_path);

/* What an image file consists of.  Bytes point into the file. */
struct image {
	const char *format; /* "iso", "qcow2", "elf" or "archive" */
	struct blob file;   /* all of it */
	struct blob kernel; /* none in an archive */
	struct blob archive;
};

/* Take a hybrid ISO, a bootable ELF or an archive apart; dies, naming `shown`, if it is none or
 * damaged. */
struct image image_open(const char *path, const char *shown);

/* The kernel, knowing of no archive, so that a boot loader can give it one. */
struct blob kernel_alone(const char *path, const struct image *image);

/* SHA-256, in hexadecimal, over what a boot loader takes of a kernel: the same with an archive
 * embedded and without.  Setting kernel= keeps it. */
void kernel_sum(char text[65], const char *path, const struct blob *kernel);

/* Files of an ISO 9660 file system: NULL if there is none at that path ("exo/kernel"). */
struct blob iso_find(const char *path, const struct blob *disk, const char *name);
bool iso_is(const struct blob *disk);

/* Dies if the file ends before its file system or its partitions do. */
void iso_whole(const char *path, const struct blob *disk);

/* Bytes of RAM below which this image cannot come up. */
uint64_t least_ram(const struct image *image);

/* `path` is only shown. */
void inspect_text(const char *path, const struct image *image);
void inspect_json(const char *path, const struct image *image);

#endif
