/* fuzz_image.c - fuzz target: image files taken apart and described - ISO, bootable ELF, archive.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What is accepted must keep oracle.h's promises; the files of an ISO are found a second way; what
 * is printed for programs must be JSON, and what is printed for people no control characters.
 */
#include <abi.h>

#include "fuzz_tools.h"
#include "oracle.h"
#include "sample.h"
#include <image.h>
#include <root.h>
#include <sha256.h>
#include <util/archive.h>

#define SECTOR 2048
#define KERNEL (17 * SECTOR)
#define DIRS                                                                                       \
	(KERNEL + ELF_BYTES + sizeof(struct sample)) /* at the end: what is read beyond is seen */

static struct sample archive;

/* Checksum and hash of what the entries hold now. */
static void seal(uint8_t *at, size_t room)
{
	struct exo_archive *a = (struct exo_archive *)at;
	struct exo_entry *e = (struct exo_entry *)(a + 1);

	if (room < sizeof(*a) || a->entries > 16 || a->head_bytes > room ||
	    a->head_bytes < sizeof(*a) + a->entries * sizeof(*e))
		return;
	for (uint32_t i = 0; i < a->entries; i++)
		if (e[i].offset <= room && e[i].bytes <= room - e[i].offset) {
			e[i].crc = crc32c(0, at + e[i].offset, e[i].bytes);
			sha256(e[i].sha256, at + e[i].offset, e[i].bytes);
		}
	sample_seal(a);
}

/* As good as any for what is tried here, and fast. */
void sha256(uint8_t sum[32], const void *data, size_t n)
{
	uint32_t crc = crc32c(0, data, n);

	for (int i = 0; i < 32; i++)
		sum[i] = (uint8_t)(crc >> i % 4 * 8);
}

void sha256_text(char text[65], const uint8_t sum[32])
{
	for (int i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", sum[i]);
}

static uint8_t *record(uint8_t *at, const char *name, uint32_t sector, uint32_t bytes)
{
	size_t n = strlen(name);

	at[0] = (uint8_t)((33 + n + 1) & ~1u);
	memcpy(at + 2, &sector, 4);
	memcpy(at + 10, &bytes, 4);
	at[32] = (uint8_t)n;
	memcpy(at + 33, name, n);
	return at + at[0];
}

static struct blob iso_sample(void)
{
	struct blob elf = elf_sample(0), b = {NULL, DIRS + 2 * SECTOR};
	uint32_t sectors = (uint32_t)(b.size / SECTOR);
	uint8_t *at;

	b.data = calloc(1, b.size);
	memcpy(b.data + (16 * SECTOR), "\1CD001", 6);
	memcpy(b.data + (16 * SECTOR) + 80, &sectors, 4);
	record(b.data + (16 * SECTOR) + 156, "", DIRS / SECTOR, SECTOR);
	record(b.data + DIRS, "EXO", DIRS / SECTOR + 1, SECTOR);
	at = record(b.data + (DIRS + SECTOR), "KERNEL.;1", KERNEL / SECTOR, ELF_BYTES);
	record(at, "ARCHIVE.;1", (KERNEL + ELF_BYTES) / SECTOR, sizeof(archive));
	memcpy(b.data + KERNEL, elf.data, ELF_BYTES);
	memcpy(b.data + KERNEL + ELF_BYTES, &archive, sizeof(archive));
	free(elf.data);
	return b;
}

/* By ECMA-119: records of a sector end at a zero; the whole extent's sectors are looked at. */
static const uint8_t *other_find(const struct blob *d, const uint8_t *dir, const char *name)
{
	uint32_t sector, bytes;

	memcpy(&sector, dir + 2, 4);
	memcpy(&bytes, dir + 10, 4);
	for (uint32_t s = 0; s < bytes; s += SECTOR)
		for (uint32_t at = s; at < bytes && at + 33 < d->size;) {
			const uint8_t *r = d->data + (uint64_t)sector * SECTOR + at;
			size_t n = strlen(name);

			if (!r[0])
				break;
			if (r[32] >= n && !strncasecmp((const char *)r + 33, name, n) &&
			    (r[32] == n || r[33 + n] == '.' || r[33 + n] == ';'))
				return r;
			at += r[0];
			if (at / SECTOR != s / SECTOR)
				break;
		}
	return NULL;
}

static void check_iso(const struct image *im)
{
	const uint8_t *dir = other_find(&im->file, im->file.data + (16 * SECTOR) + 156, "exo");
	const uint8_t *r = dir ? other_find(&im->file, dir, "archive") : NULL;
	uint32_t sector, bytes;

	if (!r)
		return; /* a name that only one of both reads so */
	memcpy(&sector, r + 2, 4);
	memcpy(&bytes, r + 10, 4);
	must(im->archive.data == im->file.data + (uint64_t)sector * SECTOR);
	must(im->archive.size == bytes);
}

static bool in_file(const struct image *im, const struct blob *b)
{
	return b->data >= im->file.data && b->data + b->size <= im->file.data + im->file.size;
}

static void check_image(const struct image *im)
{
	const struct exo_archive *a = (const struct exo_archive *)im->archive.data;
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);
	const char *wrong = oracle_archive(a, im->archive.size);

	must(in_file(im, &im->archive) && (!im->kernel.data || in_file(im, &im->kernel)));
	if (wrong)
		fprintf(stderr, "accepted: %s\n", wrong);
	must(!wrong);
	for (uint32_t i = 0; i < a->entries; i++)
		if (e[i].kind == EXO_ENTRY_PROGRAM)
			must(!oracle_program(archive_data(a, &e[i]), e[i].bytes));
	if (!strcmp(im->format, "iso"))
		check_iso(im);
}

/* JSON, of the few forms that there are: returns what follows the value. */
static const char *value(const char *p, int depth)
{
	char end;

	p += strspn(p, " \n");
	if (*p == '"') {
		for (p++; *p != '"'; p++) {
			must((unsigned char)*p >= ' ' && *p != 127);
			if (*p == '\\')
				must(strchr("\"\\u", *++p) && *p);
		}
		return p + 1;
	}
	if (*p != '{' && *p != '[') {
		must(strspn(p, "0123456789") || !strncmp(p, "true", 4) || !strncmp(p, "false", 5));
		return p + strspn(p, "0123456789truefalse");
	}
	end = *p++ == '{' ? '}' : ']';
	p += strspn(p, " \n");
	must(depth < 10);
	while (*p != end) {
		p = value(p, depth + 1);
		if (end == '}') {
			must(*p == ':');
			p = value(p + 1, depth + 1);
		}
		p += strspn(p, " \n");
		must(*p == ',' || *p == end);
		p += *p == ',';
		p += strspn(p, " \n");
	}
	return p + 1;
}

static void check_words(const struct image *im)
{
	FILE *before = stdout;
	char *volatile text = NULL;
	char *to = NULL;
	size_t n = 0;
	volatile bool whole = false;

	for (volatile int i = 0; i < 2; i++) {
		FILE *f = stdout = open_memstream(&to, &n);

		whole = false;
		if (!setjmp(died)) {
			if (i)
				inspect_json("x", im);
			else
				inspect_text("x", im);
			whole = true;
		}
		stdout = before;
		fclose(f);
		text = to;
		if (i && whole)
			must(!strcmp(value(text, 0), "\n"));
		for (const char *p = text; *p; p++)
			must((unsigned char)*p >= ' ' || *p == '\n');
		free(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t iso[] = {(16 * SECTOR), (16 * SECTOR) + 80, (16 * SECTOR) + 156,
				       DIRS,          (DIRS + SECTOR),    (DIRS + SECTOR) + 42,
				       KERNEL};
	static const uint32_t elf[] = {0,
				       0x20,
				       64,
				       120,
				       176,
				       232,
				       ELF_DATA + 0x40,
				       ELF_REST,
				       ELF_REST + 64,
				       ELF_REST + 128};
	static const uint32_t arc[] = {0, 0, 0x20, 0xa0, 0x120, 0x1000, 0x1020, 0x4000, 0x5000};
	struct input in = {data, data + size};
	uint8_t how = (uint8_t)get_bytes(&in, 1);
	struct blob b;
	size_t at = 0;
	volatile bool opened = false;
	static struct image im;

	sample_archive(&archive);
	archive.entry[1].kind = how & 8 ? EXO_ENTRY_MODULE : EXO_ENTRY_SETTINGS;
	if (how & 8)
		strcpy(archive.entry[1].name, MODULE_IMAGES);
	if (how & 16) {
		archive.entry[1].kind = EXO_ENTRY_ROOT;
		memcpy((char *)&archive + 0x4000, "EXOXROOT\1\0\0", 12);
	}
	if (how & 32) /* the input's own bytes as what the entry holds */
		for (unsigned int i = 0; i < 64; i++)
			((uint8_t *)&archive)[0x4000 + i] = (uint8_t)get_bytes(&in, 1);
	seal((uint8_t *)&archive, sizeof(archive));
	if (how % 3 == 0) {
		b = iso_sample();
		at = KERNEL + ELF_BYTES;
		patch(&in, &b, iso, sizeof(iso) / sizeof(*iso));
	} else if (how % 3 == 1) {
		b = elf_sample(sizeof(archive));
		memcpy(b.data + ELF_BYTES, &archive, sizeof(archive));
		at = ELF_BYTES;
		patch(&in, &b, elf, sizeof(elf) / sizeof(*elf));
	} else {
		b = (struct blob){copy_of(&archive, sizeof(archive)), sizeof(archive)};
		patch(&in, &b, arc, sizeof(arc) / sizeof(*arc));
	}
	if (how & 64 && b.size > at)
		seal(b.data + at, b.size - at);
	the_file = b;
	if (!setjmp(died)) {
		im = image_open("image", "image");
		opened = true;
	}
	if (opened) {
		check_image(&im);
		check_words(&im);
	}
	let_go();
	free(the_file.data);
	return 0;
}
