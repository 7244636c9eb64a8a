/* iso9660.c - find a file in an ISO 9660 file system (ECMA-119).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"

#include <ctype.h>
#include <string.h>

#define SECTOR         2048ull
#define DESCRIPTOR     (16 * SECTOR) /* of the primary volume, ECMA-119 section 8.4 */
#define VOLUME_SECTORS 80
#define ROOT_RECORD    156 /* inside it */

/* A directory record, section 9.1: byte positions. */
enum { REC_LENGTH = 0, REC_EXTENT = 2, REC_BYTES = 10, REC_NAME_LENGTH = 32, REC_NAME = 33 };

bool iso_is(const struct blob *disk)
{
	return holds(disk, DESCRIPTOR, SECTOR) &&
	       memcmp(disk->data + DESCRIPTOR, "\1CD001", 6) == 0;
}

static uint32_t number(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

void iso_whole(const char *path, const struct blob *disk)
{
	const uint8_t *gpt = disk->data + 512; /* UEFI specification, table 5-5 */
	uint64_t need = number(disk->data + DESCRIPTOR + VOLUME_SECTORS) * SECTOR, last;

	if (memcmp(gpt, "EFI PART", 8) == 0) {
		memcpy(&last, gpt + 32, sizeof(last)); /* the other copy is in the last sector */
		if (last < UINT64_MAX / 1024 && (last + 1) * 512 > need)
			need = (last + 1) * 512;
	}
	if (disk->size < need)
		die("%s: truncated: it has %lu bytes of %lu", path, (unsigned long)disk->size,
		    (unsigned long)need);
}

static struct blob contents(const char *path, const struct blob *disk, const uint8_t *record)
{
	uint64_t at = number(record + REC_EXTENT) * SECTOR, n = number(record + REC_BYTES);

	if (!holds(disk, at, n))
		die("%s: truncated: the file system in it is larger than the file", path);
	return (struct blob){disk->data + at, n};
}

/* Names are upper case, perhaps with a version (";1") and a final dot. */
static bool same_name(const uint8_t *record, const char *name, size_t n)
{
	size_t have = record[REC_NAME_LENGTH];
	const uint8_t *p = record + REC_NAME, *version = memchr(p, ';', have);

	if (version)
		have = version - p;
	if (have && p[have - 1] == '.')
		have--;
	if (have != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (tolower(p[i]) != name[i])
			return false;
	return true;
}

static const uint8_t *look_up(const struct blob *dir, const char *name, size_t n)
{
	uint64_t at = 0;

	while (at + REC_NAME < dir->size) {
		const uint8_t *record = dir->data + at;
		uint64_t length = record[REC_LENGTH];

		if (!length) { /* a record does not cross a sector's end */
			at = (at / SECTOR + 1) * SECTOR;
			continue;
		}
		if (length < (uint64_t)REC_NAME + record[REC_NAME_LENGTH] ||
		    length > dir->size - at)
			return NULL;
		if (same_name(record, name, n))
			return record;
		at += length;
	}
	return NULL;
}

struct blob iso_find(const char *path, const struct blob *disk, const char *name)
{
	struct blob here = contents(path, disk, disk->data + DESCRIPTOR + ROOT_RECORD);

	while (*name) {
		size_t n = strcspn(name, "/");
		const uint8_t *record = look_up(&here, name, n);

		if (!record)
			return (struct blob){NULL, 0};
		here = contents(path, disk, record);
		name += n + (name[n] == '/');
	}
	return here;
}
