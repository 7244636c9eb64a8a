/* load_bind.c - a program's imports are bound to the libOS, all of them before it starts.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/load.h>
#include <env/process.h>
#include <string.h>

/* This library, by its own dynamic segment; the linker knows where that is. */
extern const struct elf_dynamic _DYNAMIC[] __attribute__((visibility("hidden")));
extern const char __image_start[] __attribute__((visibility("hidden")));

static struct px_object self, loaded;
static uint64_t relative; /* of its relocations so many name no symbol: the first */

const struct elf_symbol *px_load_find(const struct px_object *o, const char *name)
{
	uint32_t h = 0, steps = o->symbols, i;

	for (const char *p = name; *p; p++) {
		h = (h << 4) + (uint8_t)*p;
		h = (h ^ (h & 0xf0000000) >> 24) & 0x0fffffff;
	}
	for (i = o->hash[2 + h % o->hash[0]]; i && i < o->symbols && steps; steps--) {
		const struct elf_symbol *s = &o->symbol[i];

		if (s->section != SECTION_NONE && s->info >> 4 != SYMBOL_LOCAL &&
		    strcmp(o->strings + s->name, name) == 0)
			return s;
		i = o->hash[2 + o->hash[0] + i];
	}
	return NULL;
}

const struct px_object *px_load_object(int n)
{
	return n ? &self : &loaded;
}

uint64_t px_load_address(const struct px_object *o, const struct elf_symbol *s)
{
	return s->section == SECTION_ABS ? s->value : o->base + s->value;
}

/* What symbol `n` of the program stands for: its own, or the libOS's. */
static bool resolve(struct px_load *l, uint32_t n, uint64_t *value)
{
	const struct px_object *o = &l->object;
	const struct elf_symbol *s, *there;

	if (n >= o->symbols)
		return px_load_refuse(l, "damaged: a relocation names symbol %u of %u", n,
				      o->symbols);
	s = &o->symbol[n];
	*value = 0;
	if (!n)
		return true;
	if ((s->info & 15) == SYMBOL_IFUNC || (s->info & 15) == SYMBOL_TLS)
		return px_load_refuse(l, "%s is of a kind that cannot be bound here",
				      o->strings + s->name);
	there = s->section == SECTION_NONE ? px_load_find(&self, o->strings + s->name) : s;
	if (there)
		*value = px_load_address(there == s ? o : &self, there);
	else if (s->info >> 4 != SYMBOL_WEAK)
		return px_load_refuse(l, "needs %s, which this libOS does not have: link it again",
				      o->strings + s->name);
	return true;
}

/* A variable of the program itself, as an offset from the thread pointer. */
static bool thread_offset(struct px_load *l, uint32_t n, uint64_t *value)
{
	const struct px_object *o = &l->object;
	uint64_t align = l->tls.align, bytes = (l->tls.mem_bytes + align - 1) & -align;

	if (n >= o->symbols || (n && o->symbol[n].section == SECTION_NONE))
		return px_load_refuse(l, "a thread-local variable is not its own");
	*value = (n ? o->symbol[n].value : 0) - bytes;
	return true;
}

static bool apply(struct px_load *l, const struct elf_rela *r)
{
	uint64_t *at = px_load_at(l, r->offset, 8, FLAG_READ | FLAG_WRITE, 0);
	uint64_t value = 0;

	if (!at)
		return px_load_refuse(l, "damaged: a relocation at 0x%lx, outside its data",
				      r->offset);
	switch (r->type) {
	case RELOC_RELATIVE:
		value = l->object.base;
		break;
	case RELOC_64:
	case RELOC_GLOB_DAT:
	case RELOC_JUMP_SLOT:
		if (!resolve(l, r->symbol, &value))
			return false;
		break;
	case RELOC_TPOFF64:
		if (!thread_offset(l, r->symbol, &value))
			return false;
		break;
	case RELOC_COPY:
		return px_load_refuse(l, "wants a copy of a variable of the libOS (a COPY "
					 "relocation): compile it with exo-cc");
	case RELOC_IRELATIVE:
		return px_load_refuse(l, "has a resolver function (an IRELATIVE relocation)");
	default:
		return px_load_refuse(l, "has a relocation of type %u at 0x%lx, unknown here",
				      r->type, r->offset);
	}
	value += r->type == RELOC_GLOB_DAT || r->type == RELOC_JUMP_SLOT ? 0 : (uint64_t)r->addend;
	memcpy(at, &value, sizeof(value));
	return true;
}

/* Calls of this library that a program can take over: to the program's function if it has one, to
 * our own otherwise. */
static void bind_self(const struct px_object *program)
{
	for (int i = 0; i < 2; i++) {
		for (uint64_t n = i ? 0 : relative; n < self.relas[i]; n++) {
			const struct elf_rela *r = &self.rela[i][n];
			const struct elf_symbol *s = &self.symbol[r->symbol], *theirs = NULL;
			uint64_t *at = (uint64_t *)(self.base + r->offset), value;

			if (!r->symbol)
				continue;
			if (program)
				theirs = px_load_find(program, self.strings + s->name);
			value = theirs ? px_load_address(program, theirs)
				       : px_load_address(&self, s);
			if (r->type == RELOC_64)
				value += (uint64_t)r->addend;
			if (*at != value) /* the page may be everybody's */
				*at = value;
		}
	}
}

void px_load_relocate(char *page, exo_va_t va)
{
	for (int i = 0; i < 2; i++) {
		for (uint64_t n = 0; n < self.relas[i]; n++) {
			const struct elf_rela *r = &self.rela[i][n];
			uint64_t inside = self.base + r->offset - va;
			uint64_t value = self.base + (uint64_t)r->addend;

			if (inside >= EXO_PAGE_SIZE)
				continue;
			if (r->symbol)
				value = px_load_address(&self, &self.symbol[r->symbol]) +
					(r->type == RELOC_64 ? (uint64_t)r->addend : 0);
			memcpy(page + inside, &value, sizeof(value));
		}
	}
}

void px_load_find_self(void)
{
	uint64_t bytes[2] = {0};

	self.base = (exo_va_t)__image_start;
	for (const struct elf_dynamic *d = _DYNAMIC; d->tag; d++) {
		const void *there = (const void *)(self.base + d->value);

		switch (d->tag) {
		case TAG_HASH:
			self.hash = there;
			self.symbols = self.hash[1];
			break;
		case TAG_SYMTAB:
			self.symbol = there;
			break;
		case TAG_STRTAB:
			self.strings = there;
			break;
		case TAG_RELA:
			self.rela[0] = there;
			break;
		case TAG_JMPREL:
			self.rela[1] = there;
			break;
		case TAG_RELACOUNT:
			relative = d->value;
			break;
		case TAG_RELASZ:
			bytes[0] = d->value;
			break;
		case TAG_PLTRELSZ:
			bytes[1] = d->value;
			break;
		}
	}
	for (int i = 0; i < 2; i++)
		self.relas[i] = bytes[i] / sizeof(struct elf_rela);
}

void px_load_self(void)
{
	px_load_find_self();
	bind_self(NULL);
}

bool px_load_bind(struct px_load *l)
{
	const struct px_object *o = &l->object;

	for (int i = 0; i < 2; i++)
		for (uint64_t n = 0; n < o->relas[i]; n++)
			if (!apply(l, &o->rela[i][n]))
				return false;
	bind_self(o);
	loaded = *o;
	return true;
}
