/* exo-image.c - make images, take them apart, look into them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"
#include "program.h"
#include "shares.h"

#include <abi.h>
#include <errno.h>
#include <exo/version.h>
#include <stdlib.h>
#include <string.h>
#include <util/archive.h>

#define FILES_MAX 256

static const char usage[] =
	"usage: exo-image pack APP [--libos LIBOS.so] [--name N] [--setting S]... [--root DIR]\n"
	"                 [--allow-wx] -o ARCHIVE\n"
	"       exo-image pack-images --steward APP --kernel KERNEL [--stand-in FILE CONTENTS]...\n"
	"                 [--setting S]... --description CONF | [--mem SIZE] [--cpus N] FILE...\n"
	"                 -o ARCHIVE\n"
	"       exo-image files CONF              of a description of several images: line and "
	"name of each\n"
	"       exo-image embed KERNEL ARCHIVE -o IMAGE.elf\n"
	"       exo-image extract IMAGE [--name N] -o ARCHIVE      all, or that of one of several\n"
	"       exo-image kernel IMAGE -o KERNEL\n"
	"       exo-image inspect IMAGE [--json] [--shown QCOW2]\n"
	"       exo-image settings IMAGE          one per line\n"
	"       exo-image images IMAGE            of several: name, libOS, input, memory, CPUs\n"
	"       exo-image least-ram IMAGE         in MiB, computed\n"
	"       exo-image kernel-sum KERNEL       SHA-256 of what is loaded of it\n"
	"       exo-image same IMAGE APP [--name N]  was it, or N of several, made of this one?\n"
	"       exo-image form FILE...            of ELF files of ours: static, shared or image\n";

struct options {
	const char *file[FILES_MAX];
	unsigned int files;
	const char *out;
	const char *shown; /* the .qcow2 of which the image is the contents; for messages too */
	bool json;
	struct pack_request pack;
	struct images_request images;
	const char *stand_in[2 * FILES_MAX];
};

static const char *value(int argc, char **argv, int *i)
{
	if (*i + 1 >= argc)
		usage_error("%s needs a value", argv[*i]);
	return argv[++*i];
}

/* Where the value of an option goes that has one, and only one. */
static const char **place(struct options *o, const char *name)
{
	const struct {
		const char *name, **to;
	} known[] = {
		{"-o", &o->out},
		{"--shown", &o->shown},
		{"--name", &o->pack.name},
		{"--root", &o->pack.root},
		{"--libos", &o->pack.libos},
		{"--steward", &o->images.steward},
		{"--kernel", &o->images.kernel},
		{"--description", &o->images.description},
		{"--mem", &o->images.memory},
		{"--cpus", &o->images.cpus},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(name, known[i].name) == 0)
			return known[i].to;
	return NULL;
}

static void parse(struct options *o, int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		const char **to = place(o, argv[i]);

		if (to) {
			*to = value(argc, argv, &i);
		} else if (strcmp(argv[i], "--allow-wx") == 0) {
			o->pack.allow_wx = true;
		} else if (strcmp(argv[i], "--json") == 0) {
			o->json = true;
		} else if (strcmp(argv[i], "--setting") == 0) {
			if (o->pack.settings == SETTINGS_MAX)
				usage_error("more than %d settings", SETTINGS_MAX);
			o->pack.setting[o->pack.settings++] = value(argc, argv, &i);
		} else if (strcmp(argv[i], "--stand-in") == 0) {
			if (o->images.stand_ins == 2 * FILES_MAX)
				usage_error("more than %d files", FILES_MAX);
			o->stand_in[o->images.stand_ins++] = value(argc, argv, &i);
			o->stand_in[o->images.stand_ins++] = value(argc, argv, &i);
		} else if (argv[i][0] == '-') {
			usage_error("what is \"%s\"?", argv[i]);
		} else if (o->files == FILES_MAX) {
			usage_error("more than %d files", FILES_MAX);
		} else {
			o->file[o->files++] = argv[i];
		}
	}
}

static void expect(const struct options *o, unsigned int files, bool out)
{
	if (o->files != files || !o->out == out)
		usage_error("called wrongly; exo-image --help tells how");
}

static void print_settings(const struct blob *archive)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_SETTINGS, NULL);
	const char *s = e ? archive_data(a, e) : NULL;

	for (uint64_t i = 0; e && i < e->bytes; i++)
		putchar(s[i] ? s[i] : '\n');
}

/* Symbols of another build would name the wrong lines. */
static int same(const struct blob *archive, const char *path)
{
	const struct exo_archive *a = (const struct exo_archive *)archive->data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_PROGRAM, NULL);
	const struct exo_program *p = e ? archive_data(a, e) : NULL;
	const struct exo_entry *m = archive_find(a, 0, EXO_ENTRY_MODULE, PX_APPLICATION);
	struct elf_file f = elf_open(path, read_file(path));
	struct blob b;

	if (!e)
		return 1;
	if (m && link_form(&f) != LINK_LIBOS) {
		b = elf_loaded(path);
		e = m;
	} else {
		b = program_from_elf(path, p->flags & EXO_PROGRAM_WX);
	}
	return b.size != e->bytes || memcmp(b.data, archive_data(a, e), b.size) != 0;
}

/* The archive of the image of that name, of several. */
static struct blob named(const struct options *o, const struct image *image)
{
	static struct shares shares;
	const struct share *s = NULL;

	if (!o->pack.name)
		return image->archive;
	if (images_list(&shares, o->file[0], &image->archive))
		s = share_named(&shares, o->pack.name);
	if (!s)
		die("%s: there is no image \"%s\" in it", o->file[0], o->pack.name);
	return images_archive(s, o->file[0], &image->archive);
}

static const char *form_name(const struct elf_file *e)
{
	if (elf_section(e, ".exo.embed"))
		return "image";
	switch (link_form(e)) {
	case LINK_STATIC:
		return "static";
	case LINK_SHARED:
		return "shared";
	default:
		return NULL;
	}
}

/* Files of all kinds are looked at: what is none of ours is passed over. */
static int forms(int files, char **file)
{
	for (int i = 0; i < files; i++) {
		struct blob b = read_file(file[i]);
		const char *name = NULL;

		if (elf_is(&b) && memmem(b.data, b.size, ".exo.", 5)) {
			struct elf_file e = elf_open(file[i], b);

			name = form_name(&e);
		}
		if (name)
			printf("%s\t%s\n", name, file[i]);
	}
	return 0;
}

/* What is shown may be a qcow2, and the image its contents. */
static void inspect(const struct options *o, struct image *image)
{
	if (o->shown) {
		image->file = read_file(o->shown);
		image->format = "qcow2";
	}
	(o->json ? inspect_json : inspect_text)(o->shown ? o->shown : o->file[0], image);
}

static int make(const char *command, struct options *o)
{
	if (strcmp(command, "pack") == 0) {
		const char *epoch = getenv("SOURCE_DATE_EPOCH");

		expect(o, 1, true);
		o->pack.program = o->file[0];
		o->pack.mtime = epoch ? strtoll(epoch, NULL, 10) : 0;
		write_file(o->out, archive_pack(&o->pack), 0666);
		return 0;
	}
	if (strcmp(command, "pack-images") == 0) {
		struct images_request *r = &o->images;

		expect(o, r->description ? 0 : o->files, true);
		if (!r->steward || !r->kernel || (!r->description && !o->files))
			usage_error("called wrongly; exo-image --help tells how");
		r->file = o->file;
		r->files = o->files;
		r->stand_in = o->stand_in;
		r->setting = o->pack.setting;
		r->settings = o->pack.settings;
		write_file(o->out, images_pack(r), 0666);
		return 0;
	}
	if (strcmp(command, "files") == 0) {
		expect(o, 1, false);
		images_files(o->file[0]);
		return 0;
	}
	if (strcmp(command, "kernel-sum") == 0) {
		struct blob kernel;
		char text[65];

		expect(o, 1, false);
		kernel = read_file(o->file[0]);
		kernel_sum(text, o->file[0], &kernel);
		puts(text);
		return 0;
	}
	if (strcmp(command, "embed") == 0) {
		expect(o, 2, true);
		write_file(o->out, kernel_embed(o->file[0], o->file[1]), 0777);
		return 0;
	}
	usage_error("no such command: \"%s\"; exo-image --help lists them", command);
}

static int look(const char *command, struct options *o)
{
	bool writes = strcmp(command, "extract") == 0 || strcmp(command, "kernel") == 0;
	struct image image;
	struct blob archive;

	expect(o, strcmp(command, "same") == 0 ? 2 : 1, writes);
	image = image_open(o->file[0], o->shown ? o->shown : o->file[0]);
	archive = named(o, &image);
	if (strcmp(command, "extract") == 0)
		write_file(o->out, archive, 0666);
	else if (strcmp(command, "kernel") == 0)
		write_file(o->out, kernel_alone(o->shown ? o->shown : o->file[0], &image), 0777);
	else if (strcmp(command, "inspect") == 0)
		inspect(o, &image);
	else if (strcmp(command, "settings") == 0)
		print_settings(&archive);
	else if (strcmp(command, "same") == 0)
		return same(&archive, o->file[1]);
	else if (strcmp(command, "images") == 0)
		images_table(o->shown ? o->shown : o->file[0], &image.archive);
	else
		printf("%lu\n", (unsigned long)(least_ram(&image) >> 20));
	return 0;
}

/* What could not be printed was not done. */
static int said(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die("cannot write to standard output: %s", strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	static const char *const looks[] = {"extract",   "kernel", "inspect", "settings",
					    "least-ram", "same",   "images"};
	struct options o = {0};

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fputs(usage, argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("exo-image %s, ABI version %u\n", EXO_RELEASE, EXO_ABI_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "form") == 0)
		return said(forms(argc - 2, argv + 2));
	parse(&o, argc, argv);
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (strcmp(argv[1], looks[i]) == 0)
			return said(look(argv[1], &o));
	return said(make(argv[1], &o));
}
