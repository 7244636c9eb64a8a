/* load_tables.c - what a mapped program's dynamic segment says: libraries, tables, arrays.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <abi.h>
#include <env/load.h>
#include <exo/version.h>
#include <string.h>

/* Values by tag, each tag once; of the libraries only one is possible. */
static bool read_tags(struct px_load *l, uint64_t value[TAG_MAX])
{
	uint64_t n = l->dynamic.file_bytes / sizeof(struct elf_dynamic);
	const struct elf_dynamic *d =
		px_load_at(l, l->dynamic.va, l->dynamic.file_bytes, FLAG_READ, 0);

	if (!d || l->dynamic.va % 8)
		return px_load_refuse(l, "not linked with exo-cc: it has no dynamic segment");
	for (; n > 0 && d->tag; n--, d++) {
		if (d->tag >= TAG_MAX)
			continue;
		if (value[d->tag])
			return px_load_refuse(
				l, d->tag == TAG_NEEDED
					   ? "needs other shared libraries than " PX_LIBRARY
					   : "damaged: the dynamic segment says something twice");
		value[d->tag] = d->value;
	}
	return true;
}

static bool read_strings(struct px_load *l, const uint64_t value[TAG_MAX])
{
	struct px_object *o = &l->object;
	const char *s = px_load_at(l, value[TAG_STRTAB], value[TAG_STRSZ], FLAG_READ, FLAG_WRITE);

	if (!s || !value[TAG_STRSZ] || s[value[TAG_STRSZ] - 1])
		return px_load_refuse(l, "damaged: its names lie nowhere");
	o->strings = s;
	o->strings_bytes = value[TAG_STRSZ];
	return true;
}

static bool read_symbols(struct px_load *l, const uint64_t value[TAG_MAX])
{
	struct px_object *o = &l->object;
	const uint32_t *h = px_load_at(l, value[TAG_HASH], 8, FLAG_READ, FLAG_WRITE);

	if (!h || value[TAG_HASH] % 4 || value[TAG_SYMTAB] % 8 || !h[0] ||
	    !px_load_at(l, value[TAG_HASH], (2ull + h[0] + h[1]) * 4, FLAG_READ, FLAG_WRITE))
		return px_load_refuse(l, "damaged: its hash table lies nowhere");
	o->hash = h;
	o->symbols = h[1];
	o->symbol = px_load_at(l, value[TAG_SYMTAB], (uint64_t)h[1] * sizeof(struct elf_symbol),
			       FLAG_READ, FLAG_WRITE);
	if (!o->symbol)
		return px_load_refuse(l, "damaged: its symbols lie nowhere");
	for (uint32_t i = 0; i < o->symbols; i++)
		if (o->symbol[i].name >= o->strings_bytes)
			return px_load_refuse(l, "damaged: symbol %u has no name", i);
	return true;
}

static bool read_relocations(struct px_load *l, int i, uint64_t va, uint64_t bytes)
{
	struct px_object *o = &l->object;

	o->relas[i] = bytes / sizeof(struct elf_rela);
	if (!o->relas[i])
		return true;
	o->rela[i] = px_load_at(l, va, bytes, FLAG_READ, FLAG_WRITE);
	if (!o->rela[i] || va % 8)
		return px_load_refuse(l, "damaged: its relocations lie nowhere");
	return true;
}

static bool read_hooks(struct px_load *l, struct px_hooks *h, uint64_t va, uint64_t bytes)
{
	h->count = bytes / sizeof(px_hook *);
	if (!h->count)
		return true;
	h->first = px_load_at(l, va, bytes, FLAG_READ | FLAG_WRITE, 0);
	if (!h->first || va % 8)
		return px_load_refuse(l, "damaged: its constructors lie nowhere");
	return true;
}

static bool read_program(struct px_load *l)
{
	struct px_program *p = &l->program;

	p->main = (int (*)(int, char **, char **))px_load_at(l, l->entry, 1, FLAG_EXEC, 0);
	if (!p->main)
		return px_load_refuse(l, "damaged: its entry 0x%lx is not in its code", l->entry);
	p->tls_file = l->tls.file_bytes;
	p->tls_bytes = l->tls.mem_bytes;
	p->tls_align = l->tls.align;
	p->tls = px_load_at(l, l->tls.va, l->tls.file_bytes, FLAG_READ, 0);
	if (l->tls.file_bytes && !p->tls)
		return px_load_refuse(l, "damaged: its thread-local variables lie nowhere");
	return true;
}

static bool check_mark(struct px_load *l)
{
	const struct elf_symbol *s = px_load_find(&l->object, PX_ABI_MARK);
	const uint32_t *mark = s ? px_load_at(l, s->value, 8, FLAG_READ, FLAG_WRITE) : NULL;

	if (!mark || s->value % 4)
		return px_load_refuse(l, "it does not say for which libOS it was linked");
	if (mark[0] != EXO_ABI_VERSION)
		return px_load_refuse(l,
				      "linked for version %u of the kernel's contract, this is "
				      "version %u: link it again",
				      mark[0], EXO_ABI_VERSION);
	if (mark[1] != PX_ABI_VERSION)
		return px_load_refuse(
			l,
			"linked for version %u of libos-posix, this is version %u: link it again",
			mark[1], PX_ABI_VERSION);
	return true;
}

bool px_load_tables(struct px_load *l)
{
	uint64_t v[TAG_MAX] = {0};
	struct px_program *p = &l->program;

	if (!read_tags(l, v) || !read_strings(l, v))
		return false;
	if (!v[TAG_NEEDED] || v[TAG_NEEDED] >= l->object.strings_bytes ||
	    strcmp(l->object.strings + v[TAG_NEEDED], PX_LIBRARY) != 0)
		return px_load_refuse(l, "does not import " PX_LIBRARY);
	if (v[TAG_TEXTREL] || v[TAG_REL] || v[TAG_RELR] || v[TAG_INIT] || v[TAG_FINI])
		return px_load_refuse(l, "not linked with exo-cc: it needs another loader");
	return read_symbols(l, v) && check_mark(l) &&
	       read_relocations(l, 0, v[TAG_RELA], v[TAG_RELASZ]) &&
	       read_relocations(l, 1, v[TAG_JMPREL], v[TAG_PLTRELSZ]) &&
	       read_hooks(l, &p->preinit, v[TAG_PREINIT_ARRAY], v[TAG_PREINIT_ARRAYSZ]) &&
	       read_hooks(l, &p->init, v[TAG_INIT_ARRAY], v[TAG_INIT_ARRAYSZ]) &&
	       read_hooks(l, &p->fini, v[TAG_FINI_ARRAY], v[TAG_FINI_ARRAYSZ]) && read_program(l);
}
