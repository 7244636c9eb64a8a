/* fuzz_load.c - fuzz target: programs that libos-posix loads, from head to relocations.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A small program in good order, with changes, loaded from an archive or from a file.  The oracle
 * reads the segments for itself: what memory then holds, byte by byte; and nothing outside what was
 * mapped may be touched, nothing that is not writable changed.
 */
#include "fuzz_load.h"

static uint8_t before[SPAN_MOST];

/* A segment begins elsewhere in its page, in the file as in memory; perhaps with nothing in the
 * file. */
static void shift(struct input *in)
{
	uint8_t which = (uint8_t)get_bytes(in, 1), by = (uint8_t)get_bytes(in, 1), *p;
	struct elf_segment s;

	p = file + sizeof(struct elf_head) + which % 5 * sizeof(s);
	memcpy(&s, p, sizeof(s));
	s.va += by * 8;
	s.offset += by * 8;
	if (which & 64)
		s.file_bytes = 0;
	if (which & 128)
		s.mem_bytes -= by * 8;
	memcpy(p, &s, sizeof(s));
}

static void change(struct input *in)
{
	static const uint16_t hot[] = {0,       32,   64,      120,          176,
				       232,     288,  DYNAMIC, DYNAMIC + 64, DYNAMIC + 128,
				       SYMBOLS, HASH, RELA,    STRINGS};

	file_bytes = FILE_BYTES;
	while (in->at < in->end) {
		uint8_t how = (uint8_t)get_bytes(in, 1);
		if (how >> 4 == 14)
			shift(in);
		uint64_t at = how & 3 ? hot[get_below(in, 14)] + get_bytes(in, 1) % 64
				      : get_bytes(in, 2),
			 v = get_number(in);

		if (how & 64)
			at &= ~7ull;
		at %= FILE_BYTES - 8;
		memcpy(file + at, &v, 1 << (how >> 2 & 3));
		if (how >> 4 == 15)
			file_bytes = 1 + get_bytes(in, 2) % FILE_BYTES;
	}
}

static void check_memory(const struct px_load *l)
{
	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];

		for (uint64_t n = 0; n < s->mem_bytes; n++)
			must(memory[GUARD + s->va + n] ==
			     (n < s->file_bytes ? file[s->offset + n] : 0));
		for (uint32_t j = 0; j < i; j++)
			must(l->segment[j].va + l->segment[j].mem_bytes <= s->va);
		must(!(s->flags & FLAG_WRITE && s->flags & FLAG_EXEC) || l->allow_wx);
	}
}

/* Only what can be written was. */
static void check_bound(const struct px_load *l)
{
	for (uint32_t i = 0; i < l->segments; i++) {
		const struct elf_segment *s = &l->segment[i];

		if (!(s->flags & FLAG_WRITE))
			must(!memcmp(before + s->va, memory + GUARD + s->va, s->mem_bytes));
	}
}

static uint64_t touch(const void *p, uint64_t bytes)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < bytes; i++)
		sum += ((const volatile uint8_t *)p)[i];
	return sum;
}

/* All that is said to be there is. */
static void check_tables(const struct px_load *l)
{
	const struct px_object *o = &l->object;
	const struct px_program *p = &l->program;
	const struct px_hooks *hooks[3] = {&p->preinit, &p->init, &p->fini};

	touch(o->strings, o->strings_bytes);
	must(!o->strings[o->strings_bytes - 1]);
	touch(o->symbol, o->symbols * sizeof(*o->symbol));
	for (int i = 0; i < 2; i++)
		touch(o->rela[i], o->relas[i] * sizeof(struct elf_rela));
	for (int i = 0; i < 3; i++)
		touch(hooks[i]->first, hooks[i]->count * 8);
	touch((const void *)(uintptr_t)p->main, 1);
	touch(p->tls, p->tls_file);
	must(p->tls_file <= p->tls_bytes && p->tls_align && !(p->tls_align & (p->tls_align - 1)));
	for (uint32_t i = 0; i < o->symbols && i < 8; i++) {
		const char *name = o->strings + o->symbol[i].name;
		const struct elf_symbol *s = px_load_find(o, name);

		must(!s || !strcmp(o->strings + s->name, name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint8_t how = (uint8_t)get_bytes(&in, 1);
	struct px_source from = {.name = "x",
				 .read = read_file,
				 .frame = how & 1 ? frame : NULL,
				 .vnode = how & 2 ? (void *)file : NULL};
	struct px_load l = {.from = &from, .allow_wx = how & 4};
	bool good = false;

	sample();
	own();
	change(&in);
	from.bytes = file_bytes;
	ASAN_POISON_MEMORY_REGION(memory, sizeof(memory));
	if (px_load_check(&l) && px_load_map(&l)) {
		check_memory(&l);
		if (px_load_tables(&l)) {
			check_tables(&l);
			for (uint32_t i = 0; i < l.segments; i++)
				memcpy(before + l.segment[i].va, memory + GUARD + l.segment[i].va,
				       l.segment[i].mem_bytes);
			good = px_load_bind(&l);
			check_bound(&l);
		}
	}
	must(good || size > 1); /* as it is it can be loaded */
	must(memchr(l.why, 0, sizeof(l.why)));
	ASAN_UNPOISON_MEMORY_REGION(memory, sizeof(memory));
	return 0;
}
