/* load.c - the application that imports this library: found in the image, loaded, sealed.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * This is the form of libos-posix.so; static.c is the other one.
 */
#include <abi.h>
#include <env/arena.h>
#include <env/load.h>
#include <env/process.h>
#include <fcntl.h>
#include <fd/table.h>
#include <fs/fs.h>
#include <libexo/crash.h>
#include <libexo/start.h>
#include <string.h>
#include <sys/stat.h>
#include <util/archive.h>
#include <vm/vm.h>

extern char __relro_start[] __attribute__((visibility("hidden")));
extern char __relro_end[] __attribute__((visibility("hidden")));

struct px_program px_program;
const char px_self_name[] = "libos";

static bool archive_read(const struct px_source *s, void *to, uint64_t at, uint64_t n)
{
	memcpy(to, (const char *)s->context + at, n);
	return true;
}

/* The archive's frames are consecutive. */
static exo_pfn_t archive_frame(const struct px_source *s, uint64_t at)
{
	return px_packed_frame((const char *)s->context + at);
}

bool px_load_wx(const struct exo_archive *archive, uint32_t image)
{
	const struct exo_entry *e = archive_find(archive, image, EXO_ENTRY_PROGRAM, NULL);

	return e && ((const struct exo_program *)archive_data(archive, e))->flags & EXO_PROGRAM_WX;
}

static struct {
	exo_va_t base, text, text_end;
} code;

static void tell_code(const struct px_load *l)
{
	code.base = l->object.base;
	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];

		if (s->flags & FLAG_EXEC && !code.text_end) {
			code.text = code.base + s->va;
			code.text_end = code.text + s->file_bytes;
		}
	}
}

/* For the callers that a crash prints. */
const char *xo_place(uint64_t pc, uint64_t *offset)
{
	bool theirs = pc >= code.text && pc < code.text_end;

	*offset = pc - (theirs ? code.base : (uint64_t)__image_start);
	if (theirs)
		return "program";
	return pc >= (uint64_t)__text_start && pc < (uint64_t)__text_end ? "libos" : NULL;
}

/* Of a file's pages the regions know. */
static void seal_program(const struct px_load *l, exo_va_t from, exo_va_t to)
{
	if (!l->from->vnode)
		px_seal(from, to);
	else if (px_reprotect(from, to, EXO_PROT_READ) < 0)
		px_die("too little memory to load the program");
}

static void seal(const struct px_load *l)
{
	exo_va_t page = EXO_PAGE_SIZE;
	exo_va_t from = (l->object.base + l->relro.va) & -page;
	exo_va_t to = (l->object.base + l->relro.va + l->relro.mem_bytes) & -page;

	if (from < to)
		seal_program(l, from, to);
	px_seal((exo_va_t)__relro_start & -page, (exo_va_t)__relro_end & -page);
}

void px_load_program(struct px_source *s, bool allow_wx)
{
	static struct px_load load;

	load.from = s;
	load.allow_wx = allow_wx;
	if (!px_load_check(&load) || !px_load_map(&load) || !px_load_tables(&load) ||
	    !px_load_bind(&load))
		px_die(load.why);
	px_program = load.program;
	tell_code(&load);
	seal(&load);
}

static bool file_read(const struct px_source *s, void *to, uint64_t at, uint64_t n)
{
	struct px_vnode *v = s->vnode;

	return px_ops_of(v)->read(v, to, n, (int64_t)at, O_NOATIME) == (ssize_t)n;
}

void px_load_source(struct px_source *s)
{
	px_enter();
	s->bytes = (uint64_t)px_ops_of(s->vnode)->size(s->vnode);
	px_leave();
	s->read = file_read;
}

/* As a file without a name, for /proc/self/exe. */
static bool show_program(const char *bytes, uint64_t n)
{
	struct px_node *node = px_node_new(S_IFREG | 0755);

	if (!node)
		return false;
	px_enter();
	node->f.packed = bytes;
	node->f.packed_bytes = n;
	node->size = (int64_t)n;
	px_vnode_ref(&node->v);
	px_arena->memfs.program = node;
	px_program_set(px_me, &node->v);
	px_leave();
	return true;
}

void px_program_init(const struct exo_archive *archive, uint32_t image)
{
	static struct px_source source = {
		.name = PX_APPLICATION, .read = archive_read, .frame = archive_frame};
	const struct exo_entry *e =
		archive ? archive_find(archive, image, EXO_ENTRY_MODULE, PX_APPLICATION) : NULL;

	px_load_self();
	if (!e)
		px_die("the image holds no application");
	if (archive_check_entry(archive, e) != ARCHIVE_OK)
		px_die("the application in the image is damaged (checksum)");
	source.bytes = e->bytes;
	source.context = archive_data(archive, e);
	if (!show_program(source.context, e->bytes))
		px_die("too little memory to start");
	px_load_program(&source, px_load_wx(archive, image));
}
