/* inspect.c - say what an image holds, for people and for programs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"
#include "root.h"
#include "sha256.h"

#include <abi.h>
#include <exo/map.h>
#include <string.h>
#include <util/archive.h>
#include <util/settings.h>

static const char *prot_text(uint32_t prot)
{
	static const char *const text[] = {"---", "r--", "-w-", "rw-", "--x", "r-x", "-wx", "rwx"};

	return text[prot & 7];
}

static const char *hash(const void *data, size_t n)
{
	static char text[65];
	uint8_t sum[32];

	sha256(sum, data, n);
	sha256_text(text, sum);
	return text;
}

/* Which of the two forms of linking this is. */
const char *link_text(const struct exo_archive *a, const struct exo_entry *e)
{
	const struct exo_entry *app = archive_find(a, e->image, EXO_ENTRY_MODULE, PX_APPLICATION);

	if (is_application(e))
		return "shared: the application, which imports " PX_LIBRARY;
	return app ? "shared: " PX_LIBRARY ", which loads the application"
		   : "static: application and libOS in one";
}

static void text_program(const struct exo_archive *a, const struct exo_entry *e)
{
	const struct exo_program *p = archive_data(a, e);

	printf("    %s\n", link_text(a, e));
	printf("    ABI version %u, entry 0x%lx, %s\n", p->version, (unsigned long)p->entry,
	       p->flags & EXO_PROGRAM_WX ? WX_TEXT : "no page both writable and executable");
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];

		printf("    segment 0x%08lx %s %9lu bytes in memory, %9lu in the image\n",
		       (unsigned long)s->va, prot_text(s->prot), (unsigned long)s->mem_bytes,
		       (unsigned long)s->file_bytes);
	}
}

/* Control characters would be obeyed by the reader's terminal. */
void text_string(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			printf("\\x%02x", (unsigned char)*s);
		else
			putchar(*s);
}

static void text_entry(const struct exo_archive *a, const struct exo_entry *e)
{
	static const char *const kind[] = {"?", "program", "settings", "root", "module"};
	struct blob b = entry_blob(a, e);
	struct root_summary sum;
	char digest[65];

	sha256_text(digest, e->sha256);
	printf("  %-8s %9lu bytes, sha256 %s", e->kind < 5 ? kind[e->kind] : "?",
	       (unsigned long)e->bytes, digest);
	if (e->kind == EXO_ENTRY_MODULE) {
		printf(", ");
		text_string(e->name);
	}
	putchar('\n');
	if (e->kind == EXO_ENTRY_PROGRAM)
		text_program(a, e);
	if (is_application(e))
		printf("    %s\n", link_text(a, e));
	if (e->kind == EXO_ENTRY_SETTINGS)
		for (const char *s = NULL;
		     (s = settings_next((const char *)b.data, b.size, s)) != NULL;) {
			printf("    ");
			text_string(s);
			putchar('\n');
		}
	if (e->kind == EXO_ENTRY_ROOT && root_summarize(&sum, &b))
		printf("    %lu files (%lu bytes), %lu directories, %lu symbolic links\n",
		       (unsigned long)sum.files, (unsigned long)sum.file_bytes,
		       (unsigned long)sum.directories, (unsigned long)sum.links);
}

static const char *format_text(const char *format)
{
	if (strcmp(format, "iso") == 0)
		return "hybrid ISO: CD and disk, BIOS and UEFI";
	if (strcmp(format, "qcow2") == 0)
		return "qcow2: disk, BIOS and UEFI";
	return strcmp(format, "elf") == 0 ? "ELF for direct boot" : "archive";
}

void inspect_text(const char *path, const struct image *image)
{
	const struct exo_archive *a = (const struct exo_archive *)image->archive.data;
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);

	printf("%s: %s\n", path, format_text(image->format));
	printf("  %lu bytes, sha256 %s\n", (unsigned long)image->file.size,
	       hash(image->file.data, image->file.size));
	printf("  ABI version %u, least RAM %lu MiB (computed)\n", a->version,
	       (unsigned long)(least_ram(image) >> 20));
	if (image->kernel.data && strcmp(image->format, "elf") != 0)
		printf("kernel\n  %-8s %9lu bytes, sha256 %s\n", "program",
		       (unsigned long)image->kernel.size,
		       hash(image->kernel.data, image->kernel.size));
	for (uint32_t i = 0; i < a->entries; i++, e++) {
		if (e->kind == EXO_ENTRY_PROGRAM) {
			printf("image %u: ", e->image);
			text_string(e->name);
			putchar('\n');
		}
		text_entry(a, e);
	}
	text_images(path, &image->archive);
}

void json_string(const char *s)
{
	putchar('"');
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < ' ' || *s == 127)
			printf("\\u%04x", (unsigned char)*s);
		else
			putchar(*s);
	putchar('"');
}

static void json_program(const struct exo_program *p)
{
	printf(", \"abi\": %u, \"entry\": %lu, \"span\": %lu, \"wx\": %s, \"segments\": [",
	       p->version, (unsigned long)p->entry, (unsigned long)p->span,
	       p->flags & EXO_PROGRAM_WX ? "true" : "false");
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];

		printf("%s{\"va\": %lu, \"prot\": \"%s\", \"mem_bytes\": %lu, \"file_bytes\": %lu}",
		       i ? ", " : "", (unsigned long)s->va, prot_text(s->prot),
		       (unsigned long)s->mem_bytes, (unsigned long)s->file_bytes);
	}
	printf("]");
}

static void json_settings(const struct blob *b)
{
	const char *s = NULL, *comma = "";

	printf(", \"settings\": [");
	while ((s = settings_next((const char *)b->data, b->size, s)) != NULL) {
		printf("%s", comma);
		json_string(s);
		comma = ", ";
	}
	printf("]");
}

static void json_entry(const struct exo_archive *a, const struct exo_entry *e)
{
	static const char *const kind[] = {"unknown", "program", "settings", "root", "module"};
	struct blob b = entry_blob(a, e);
	struct root_summary sum;
	char digest[65];

	sha256_text(digest, e->sha256);
	printf("    {\"kind\": \"%s\", \"image\": %u, \"name\": ",
	       e->kind < 5 ? kind[e->kind] : kind[0], e->image);
	json_string(e->name);
	if (e->kind == EXO_ENTRY_PROGRAM || is_application(e))
		printf(", \"link\": \"%.6s\"", link_text(a, e));
	printf(", \"bytes\": %lu, \"sha256\": \"%s\"", (unsigned long)e->bytes, digest);
	if (e->kind == EXO_ENTRY_PROGRAM)
		json_program(archive_data(a, e));
	if (e->kind == EXO_ENTRY_SETTINGS)
		json_settings(&b);
	if (e->kind == EXO_ENTRY_ROOT && root_summarize(&sum, &b))
		printf(", \"files\": %lu, \"file_bytes\": %lu, \"directories\": %lu, \"links\": "
		       "%lu",
		       (unsigned long)sum.files, (unsigned long)sum.file_bytes,
		       (unsigned long)sum.directories, (unsigned long)sum.links);
	printf("}");
}

void inspect_json(const char *path, const struct image *image)
{
	const struct exo_archive *a = (const struct exo_archive *)image->archive.data;
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);

	printf("{\n  \"path\": ");
	json_string(path);
	printf(",\n  \"format\": \"%s\",\n  \"bytes\": %lu,\n  \"sha256\": \"%s\",\n",
	       image->format, (unsigned long)image->file.size,
	       hash(image->file.data, image->file.size));
	printf("  \"abi\": %u,\n  \"least_ram\": %lu,\n", a->version,
	       (unsigned long)least_ram(image));
	if (image->kernel.data)
		printf("  \"kernel\": {\"bytes\": %lu, \"sha256\": \"%s\"},\n",
		       (unsigned long)image->kernel.size,
		       hash(image->kernel.data, image->kernel.size));
	printf("  \"entries\": [\n");
	for (uint32_t i = 0; i < a->entries; i++, e++) {
		json_entry(a, e);
		printf("%s\n", i + 1 < a->entries ? "," : "");
	}
	printf("  ]");
	json_images(path, &image->archive);
	printf("\n}\n");
}
