/* images.c - several images become one archive, and are found in it again.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"
#include "program.h"
#include "shares.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <util/archive.h>
#include <util/settings.h>

#define STEWARD "steward"
/* What libos-posix has to be able to promise before it starts, besides what every libOS takes; the
 * kernel's first environment may have less. */
#define POSIX_BYTES (160ull << 10)

/* While an archive is made: what each image consists of, and the different ones among them. */
static struct shares shares;
static struct share_facts facts[SHARES_MAX];
static struct blob own[SHARES_MAX]; /* archive of each image */
static struct part part[3 + SHARES_MAX];
static unsigned int parts;

const char *archive_setting(const struct blob *archive, const char *key)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_SETTINGS, NULL);
	const char *s = NULL, *found = NULL;

	while (e && (s = settings_next(archive_data(a, e), e->bytes, s)) != NULL)
		if (settings_value(s, key))
			found = settings_value(s, key);
	return found;
}

/* Dies unless the kernel, or the steward, could start it. */
static void must_start(const char *path, const struct blob *archive)
{
	if (!archive_find((const struct exo_archive *)archive->data, 0, EXO_ENTRY_PROGRAM, NULL))
		die("%s: there is no program in it", path);
}

bool images_list(struct shares *s, const char *path, const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_MODULE, MODULE_IMAGES);
	struct report report = {.to = stderr, .path = path};

	if (!e)
		return false;
	if (!list_read(s, archive_data(a, e), e->bytes, &report))
		exit(1);
	return true;
}

struct blob images_archive(const struct share *s, const char *path, const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_MODULE, s->archive);
	struct blob b;
	char *shown;

	if (!e)
		die("%s: damaged: the archive of %s, \"%s\", is not in it", path, s->name,
		    s->archive);
	b = entry_blob(a, e);
	if (asprintf(&shown, "%s: %s", path, s->name) < 0)
		need(NULL);
	archive_verify(shown, &b);
	must_start(shown, &b);
	free(shown);
	return b;
}

void images_table(const char *path, const struct blob *archive)
{
	static struct shares s;

	if (!images_list(&s, path, archive))
		return;
	for (unsigned int i = 0; i < s.count; i++) {
		struct blob b = images_archive(&s.share[i], path, archive);
		const char *libos = archive_setting(&b, "libos");
		char cpus[256];

		cpus_text(cpus, sizeof(cpus), s.share[i].cpus);
		printf("%s\t%s\t%s\t%lu\t%s\n", s.share[i].name, libos ? libos : "unknown",
		       s.share[i].input ? "yes" : "no", (unsigned long)s.share[i].memory, cpus);
	}
}

/* A name in a description is one beside it. */
static char *beside(const char *description, const char *file)
{
	const char *slash = strrchr(description, '/');
	char *path;

	int n;

	if (*file == '/')
		return need(strdup(file));
	if (slash)
		n = asprintf(&path, "%.*s/%s", (int)(slash - description), description, file);
	else
		n = asprintf(&path, "%s%s", *file == '-' ? "./" : "", file); /* no option */
	if (n < 0)
		need(NULL);
	return path;
}

static void read_description(struct report *r)
{
	struct blob b = read_file(r->path);
	char *text = zalloc(b.size + 1);
	struct stat st;

	memcpy(text, b.data, b.size);
	if (!description_read(&shares, text, b.size, r))
		exit(1);
	for (unsigned int i = 0; i < shares.count; i++) {
		struct share *s = &shares.share[i];

		s->file = beside(r->path, s->file);
		if (stat(s->file, &st) < 0 || access(s->file, R_OK) < 0)
			complain(r, s->file_line, "cannot read %s: %s%s", s->file, strerror(errno),
				 strchr(s->file, '#') ? " (a comment has a line of its own)" : "");
		else if (!S_ISREG(st.st_mode))
			complain(r, s->file_line, "%s is not a file", s->file);
	}
	if (r->errors)
		exit(1);
}

void images_files(const char *description)
{
	struct report report = {.to = stderr, .path = description};

	read_description(&report);
	for (unsigned int i = 0; i < shares.count; i++)
		printf("%u %s\n", shares.share[i].file_line, shares.share[i].file);
}

static struct blob open_archive(const struct images_request *r, const char *file)
{
	const char *path = file;
	struct blob archive;

	for (unsigned int i = 0; i + 1 < r->stand_ins; i += 2)
		if (strcmp(r->stand_in[i], file) == 0)
			path = r->stand_in[i + 1];
	archive = image_open(path, file).archive;
	must_start(file, &archive);
	return archive;
}

/* Those of a description: a section is one image. */
static void open_described(const struct images_request *r, struct report *report)
{
	static struct shares inner;

	read_description(report);
	for (unsigned int i = 0; i < shares.count; i++) {
		const struct share *s = &shares.share[i];
		const char *name = tool;
		char *here;

		if (asprintf(&here, "%s: %s:%u", name, r->description, s->file_line) < 0)
			need(NULL);
		tool = here; /* what is wrong with the file is found in that line */
		own[i] = open_archive(r, s->file);
		tool = name;
		free(here);
		if (images_list(&inner, s->file, &own[i]))
			complain(
				report, s->file_line,
				"%s holds %u images (%s ...), a section is one: pack it by itself, "
				"or what it was made of",
				s->file, inner.count, inner.share[0].name);
	}
	if (report->errors)
		exit(1);
}

static struct share *one_more(struct report *report)
{
	if (shares.count == SHARES_MAX) {
		complain(report, 0, "more than %d images", SHARES_MAX);
		exit(1);
	}
	return &shares.share[shares.count];
}

/* Images that are together already keep what they have, but only one can have the input. */
static void open_several(const struct shares *inner, const char *file, const struct blob *archive,
			 bool first, struct report *report)
{
	for (unsigned int i = 0; i < inner->count; i++) {
		struct share *s = one_more(report);
		char name[sizeof(s->name)];

		own[shares.count] = images_archive(&inner->share[i], file, archive);
		memcpy(s, &inner->share[i], sizeof(*s));
		strcpy(name, s->name);
		share_make_name(&shares, s, file, name);
		s->input = s->input && first;
		shares.count++;
	}
}

static void open_files(const struct images_request *r, struct report *report)
{
	static struct shares inner;

	for (unsigned int i = 0; i < r->files; i++) {
		struct blob archive = open_archive(r, r->file[i]);
		struct share *s;

		if (images_list(&inner, r->file[i], &archive)) {
			open_several(&inner, r->file[i], &archive, i == 0, report);
			continue;
		}
		s = one_more(report);
		share_make_name(&shares, s, r->file[i], NULL);
		share_default(s);
		own[shares.count++] = archive;
	}
}

static void set_machine(const struct images_request *r, struct report *report)
{
	const char *why;

	why = r->memory ? shares_machine(&shares, "mem", r->memory, 1) : NULL;
	if (why)
		complain(report, 0, "--mem %s: %s", r->memory, why);
	why = r->cpus ? shares_machine(&shares, "cpus", r->cpus, 1) : NULL;
	if (why)
		complain(report, 0, "--cpus %s: %s", r->cpus, why);
	if (report->errors)
		exit(2);
}

static void learn(struct share_facts *f, const struct blob *archive)
{
	const char *memory = archive_setting(archive, "mem");
	const char *cpus = archive_setting(archive, "cpus");
	const char *libos = archive_setting(archive, "libos");

	f->posix = libos && strcmp(libos, "posix") == 0;
	f->need = archive_needs(archive) + (f->posix ? POSIX_BYTES : 0);
	if (memory && size_read(&f->memory, memory))
		f->memory = 0;
	if (cpus && count_read(&f->cpus, cpus, SHARES_CPUS))
		f->cpus = 0;
}

static void add_part(uint32_t kind, const char *name, struct blob blob)
{
	part[parts++] = (struct part){kind, name, blob};
}

/* The same bytes are there once, under one name. */
static const char *add_archive(struct blob b)
{
	char *name;

	for (unsigned int i = 0; i < parts; i++)
		if (part[i].blob.size == b.size && memcmp(part[i].blob.data, b.data, b.size) == 0)
			return part[i].name;
	if (asprintf(&name, "archive-%u", parts - 2) < 0)
		need(NULL);
	add_part(EXO_ENTRY_MODULE, name, b);
	return name;
}

static struct blob list(void)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *f = need(open_memstream(&text, &bytes));

	for (unsigned int i = 0; i < shares.count; i++)
		share_write(f, &shares.share[i]);
	if (fclose(f) != 0)
		need(NULL);
	return (struct blob){(uint8_t *)text, bytes};
}

/* The machine's RAM and CPUs stand in the settings, for whoever starts it. */
static struct blob settings(const struct images_request *r, uint64_t memory)
{
	const char *all[SETTINGS_MAX + 3];
	char text[2][32];
	unsigned int n = 0;

	for (unsigned int i = 0; i < r->settings; i++)
		all[n++] = r->setting[i];
	snprintf(text[0], sizeof(text[0]), "mem=%llu", (unsigned long long)memory);
	snprintf(text[1], sizeof(text[1]), "cpus=%u", shares.cpus);
	all[n++] = "libos=minimal";
	all[n++] = text[0];
	all[n++] = text[1];
	return settings_join(all, n);
}

static bool wants_wx(const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_PROGRAM, NULL);

	return e && ((const struct exo_program *)archive_data(a, e))->flags & EXO_PROGRAM_WX;
}

/* Its images do not trust each other.  What one of them may do it must be allowed to grant. */
static struct blob steward(const char *path)
{
	bool wx = false;
	struct blob b;

	for (unsigned int i = 0; i < shares.count; i++)
		wx |= wants_wx(&own[i]);
	b = program_from_elf(path, wx);

	((struct exo_program *)b.data)->flags |= EXO_PROGRAM_SEPARATE;
	return b;
}

struct blob images_pack(const struct images_request *r)
{
	struct report report = {.to = stderr, .path = r->description};
	struct blob kernel = read_file(r->kernel), b;
	uint64_t least, memory;

	if (r->description)
		open_described(r, &report);
	else
		open_files(r, &report);
	set_machine(r, &report);
	for (unsigned int i = 0; i < shares.count; i++)
		learn(&facts[i], &own[i]);
	if (!shares_settle(&shares, facts, &report))
		exit(1);
	add_part(EXO_ENTRY_PROGRAM, STEWARD, steward(r->steward));
	add_part(EXO_ENTRY_SETTINGS, STEWARD, settings(r, 0));
	add_part(EXO_ENTRY_MODULE, MODULE_IMAGES, (struct blob){NULL, 0});
	for (unsigned int i = 0; i < shares.count; i++)
		shares.share[i].archive = add_archive(own[i]);
	part[2].blob = list();
	b = archive_assemble(part, parts);
	least = machine_needs(&kernel, &b, true, &shares);
	memory = shares.memory ? shares.memory : machine_default(least, &shares);
	if (memory < least) {
		complain(&report, shares.memory_line,
			 "mem = %lluM is too little: the images have %lluM together, with the rest "
			 "%lluM are needed",
			 (unsigned long long)memory >> 20,
			 (unsigned long long)shares_started(&shares) >> 20,
			 (unsigned long long)least >> 20);
		exit(1);
	}
	part[1].blob = settings(r, memory);
	b = archive_assemble(part, parts);
	archive_verify("the new archive", &b);
	return b;
}
