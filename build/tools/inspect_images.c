/* inspect_images.c - say who gets what in an archive of several images.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"
#include "program.h"
#include "shares.h"

#include <exo/map.h>
#include <string.h>
#include <util/archive.h>
#include <util/settings.h>

/* As it would be written in a description. */
static void text_size(uint64_t bytes)
{
	if (bytes % (1 << 20) == 0)
		printf("%lu MiB", (unsigned long)(bytes >> 20));
	else
		printf("%lu KiB", (unsigned long)(bytes >> 10));
}

static const struct exo_entry *program_of(const struct blob *archive)
{
	return archive_find((const struct exo_archive *)archive->data, 0, EXO_ENTRY_PROGRAM, NULL);
}

/* Pages of a program that are used where the archive lies, so that all copies of it share them. */
static uint64_t constant_bytes(const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_program *p = archive_data(a, program_of(archive));
	uint64_t sum = 0;

	for (uint32_t i = 0; i < p->segments; i++)
		if (!(p->segment[i].prot & EXO_PROT_WRITE))
			sum += PAGE_UP(p->segment[i].file_bytes);
	return sum;
}

/* Does an image before number i of the list have the same archive? */
static const struct share *first_with(const struct shares *s, unsigned int i)
{
	for (unsigned int j = 0; j < i; j++)
		if (strcmp(s->share[j].archive, s->share[i].archive) == 0)
			return &s->share[j];
	return NULL;
}

static void text_cpus(const struct share *s)
{
	char cpus[256];

	cpus_text(cpus, sizeof(cpus), s->cpus);
	printf("    CPUs     %s%s, slices of %lu us\n", cpus, s->claim ? " for it alone" : "",
	       (unsigned long)s->slice / 1000);
}

static void text_restart(const struct share *s)
{
	printf("    restart  %s", restart_word[s->restart]);
	if (s->restarts)
		printf(", at most %u times", s->restarts);
	printf("%s\n", s->start ? "" : "; it does not start by itself");
}

static void text_share(const struct shares *all, unsigned int i, const char *path,
		       const struct blob *archive)
{
	const struct share *s = &all->share[i], *first = first_with(all, i);
	struct blob b = images_archive(s, path, archive);
	const struct exo_archive *a = (const struct exo_archive *)b.data;
	const struct exo_entry *e = program_of(&b);
	const struct exo_program *p = archive_data(a, e);
	const char *libos = archive_setting(&b, "libos"), *setting = NULL;

	printf("image %u: %s\n", i + 1, s->name);
	printf("    %s, %lu bytes%s%s\n", s->archive, (unsigned long)b.size,
	       first ? ", the same as of " : "", first ? first->name : "");
	printf("    program  ");
	text_string(e->name);
	printf(", libOS %s, %.6s%s\n", libos ? libos : "unknown", link_text(a, e),
	       p->flags & EXO_PROGRAM_WX ? ", " WX_TEXT : "");
	printf("    memory   ");
	text_size(s->memory);
	printf(", ");
	text_size(s->guaranteed);
	printf(" of it guaranteed; least %lu KiB\n", (unsigned long)archive_needs(&b) >> 10);
	text_cpus(s);
	text_restart(s);
	printf("    sees     %s%s%s\n", s->sees_all ? "the whole machine" : "itself alone",
	       s->input ? "; gets the console's input" : "",
	       s->loads ? "; may have images loaded" : "");
	while ((setting = settings_next(s->settings, s->settings_bytes, setting)) != NULL) {
		printf("    ");
		text_string(setting);
		putchar('\n');
	}
}

/* Archives that several have, and what that saves. */
static void shared(const struct shares *s, const char *path, const struct blob *archive,
		   unsigned int *different, uint64_t *stored, uint64_t *constant)
{
	*different = 0;
	*stored = *constant = 0;
	for (unsigned int i = 0; i < s->count; i++) {
		struct blob b = images_archive(&s->share[i], path, archive);

		if (first_with(s, i)) {
			*stored += b.size;
			*constant += constant_bytes(&b);
		} else {
			++*different;
		}
	}
}

void text_images(const char *path, const struct blob *archive)
{
	static struct shares s;
	unsigned int different;
	uint64_t stored, constant;

	if (!images_list(&s, path, archive))
		return;
	for (unsigned int i = 0; i < s.count; i++)
		text_share(&s, i, path, archive);
	shared(&s, path, archive, &different, &stored, &constant);
	printf("%u images, memory ", s.count);
	text_size(shares_all(&s));
	printf(" together\n  archives %u different ones; the others would be %lu bytes more\n",
	       different, (unsigned long)stored);
	printf("  constant pages of programs that run more than once: %lu bytes less in RAM\n",
	       (unsigned long)constant);
}

static void json_share(const struct shares *all, unsigned int i, const char *path,
		       const struct blob *archive)
{
	const struct share *s = &all->share[i], *first = first_with(all, i);
	struct blob b = images_archive(s, path, archive);
	const struct exo_entry *e = program_of(&b);
	const struct exo_program *p = archive_data((const struct exo_archive *)b.data, e);
	const char *libos = archive_setting(&b, "libos"), *setting = NULL, *comma = "";

	printf("    {\"name\": \"%s\", \"archive\": ", s->name);
	json_string(s->archive);
	printf(", \"bytes\": %lu, \"same_as\": ", (unsigned long)b.size);
	if (first)
		json_string(first->name);
	else
		printf("null");
	printf(", \"program\": ");
	json_string(e->name);
	printf(", \"libos\": ");
	json_string(libos ? libos : "unknown");
	printf(", \"link\": \"%.6s\", \"wx\": %s", link_text((struct exo_archive *)b.data, e),
	       p->flags & EXO_PROGRAM_WX ? "true" : "false");
	printf(", \"memory\": %lu, \"guaranteed\": %lu, \"least\": %lu, \"cpus\": [",
	       (unsigned long)s->memory, (unsigned long)s->guaranteed,
	       (unsigned long)archive_needs(&b));
	for (unsigned int cpu = 0; cpu < SHARES_CPUS; cpu++)
		if (s->cpus >> cpu & 1) {
			printf("%s%u", comma, cpu);
			comma = ", ";
		}
	printf("], \"claim\": %s, \"slice\": %lu, \"restart\": \"%s\", \"restarts\": %u",
	       s->claim ? "true" : "false", (unsigned long)s->slice, restart_word[s->restart],
	       s->restarts);
	printf(", \"sees\": \"%s\", \"start\": %s, \"input\": %s, \"loads\": %s, \"settings\": [",
	       s->sees_all ? "all" : "own", s->start ? "true" : "false",
	       s->input ? "true" : "false", s->loads ? "true" : "false");
	comma = "";
	while ((setting = settings_next(s->settings, s->settings_bytes, setting)) != NULL) {
		printf("%s", comma);
		json_string(setting);
		comma = ", ";
	}
	printf("]}");
}

void json_images(const char *path, const struct blob *archive)
{
	static struct shares s;
	unsigned int different;
	uint64_t stored, constant;

	if (!images_list(&s, path, archive))
		return;
	shared(&s, path, archive, &different, &stored, &constant);
	printf(",\n  \"memory\": %lu,\n  \"archives\": %u,\n  \"stored_once\": %lu,\n",
	       (unsigned long)shares_all(&s), different, (unsigned long)stored);
	printf("  \"constant_shared\": %lu,\n  \"images\": [\n", (unsigned long)constant);
	for (unsigned int i = 0; i < s.count; i++) {
		json_share(&s, i, path, archive);
		printf("%s\n", i + 1 < s.count ? "," : "");
	}
	printf("  ]");
}
