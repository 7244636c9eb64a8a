/* image.h - images: an archive, and the files that carry one.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "host.h"

#include <exo/archive.h>

#define SETTINGS_MAX 256

struct shares;
struct share;

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

/* What an archive is made of. */
struct part {
	uint32_t kind;
	const char *name; /* of its first 47 bytes */
	struct blob blob;
};

struct blob archive_assemble(const struct part *part, uint32_t parts);
struct blob settings_join(const char *const *setting, unsigned int settings);

/* Dies, naming `path`, if the archive or anything in it is damaged. */
void archive_verify(const char *path, const struct blob *b);

/* Several images in one archive: the steward's program is image 0, and for it MODULEs hold the list
 * of images (shares.h) and the images' own archives, as they were; the same one only once. */
#define MODULE_IMAGES "images"

struct images_request {
	const char *steward;	 /* its linked program */
	const char *kernel;	 /* to know the RAM that it takes */
	const char *description; /* or NULL: the files, each an image or several */
	const char *const *file;
	unsigned int files;
	const char *const *stand_in; /* pairs: a file's name, and where its contents are */
	unsigned int stand_ins;
	const char *memory, *cpus; /* of the machine, without a description; or NULL */
	unsigned int settings;
	const char *const *setting;
};

struct blob images_pack(const struct images_request *r);

/* The files that a description names, a line each: the number of its own line there, a blank, the
 * name.  Dies of a mistake in it. */
void images_files(const char *description);

/* The list of an archive of several images; false if it is one of one image.  Dies, naming `path`, of
 * a list that makes no sense. */
bool images_list(struct shares *s, const char *path, const struct blob *archive);

/* The archive of one of them. */
struct blob images_archive(const struct share *s, const char *path, const struct blob *archive);

/* One line for each: name, libOS, whether it gets the input, memory, CPUs; tabs between them. */
void images_table(const char *path, const struct blob *archive);

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

/* Bytes of an entry; is it an application that libos-posix.so loads? */
struct blob entry_blob(const struct exo_archive *a, const struct exo_entry *e);
bool is_application(const struct exo_entry *e);

/* The last value that an archive's settings have for a key, or NULL. */
const char *archive_setting(const struct blob *archive, const char *key);

/* Bytes of RAM below which this image cannot come up; for one in an archive of several, without
 * what the kernel takes; for a kernel and an archive, which may lie beside it.  Computed. */
uint64_t least_ram(const struct image *image);
uint64_t archive_needs(const struct blob *archive);
uint64_t machine_needs(const struct blob *kernel, const struct blob *archive, bool beside,
		       const struct shares *shares);

/* For images together, if nobody said how much: so that every one of them can be started. */
uint64_t machine_default(uint64_t least, const struct shares *shares);

/* `path` is only shown. */
void inspect_text(const char *path, const struct image *image);
void inspect_json(const char *path, const struct image *image);

/* Parts of both. */
#define WX_TEXT "WRITE AND EXECUTE ON ONE PAGE IS ALLOWED (--allow-wx)"
void text_string(const char *s);
void text_images(const char *path, const struct blob *archive);
void json_string(const char *s);
void json_images(const char *path, const struct blob *archive);
const char *link_text(const struct exo_archive *a, const struct exo_entry *e);

#endif
