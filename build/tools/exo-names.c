/* exo-names.c - keep the libOS's own calls apart from a program's functions of the same names.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 *     exo-names LIST IN.a OUT.a
 *
 * In a static link a program's read() or close() would be called by the library as well, and two
 * definitions of one name may meet.  LIST has one line for each global name that is changed:
 *
 *     alias NAME     it becomes __exo_NAME, where it is defined and where it is used; where it is
 *                    defined, NAME stays as a weak name for programs
 *     rename NAME    the same without NAME
 *     weak NAME      a program's own takes its place, for the library too
 *
 * The archive that is written has no index yet: ranlib makes it.
 */
#include "elf_file.h"

#include <ar.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 16384
#define PREFIX    "__exo_"

static struct hsearch_data list;

static void read_list(const char *path)
{
	struct blob b = read_file(path);
	char *text = zalloc(b.size + 1), *line, *next = text;

	memcpy(text, b.data, b.size);
	if (!hcreate_r(NAMES_MAX, &list))
		die("out of memory");
	while ((line = strsep(&next, "\n"))) {
		char *space = strchr(line, ' ');
		ENTRY *found;

		if (!space)
			continue;
		if (!hsearch_r((ENTRY){space + 1, line}, ENTER, &found, &list))
			die("%s: more than %d names", path, NAMES_MAX);
	}
}

/* 'a', 'r', 'w', or 0: nothing is to be done. */
static char action(const char *name)
{
	ENTRY *found;

	if (!hsearch_r((ENTRY){(char *)name, NULL}, FIND, &found, &list))
		return 0;
	return *(const char *)found->data;
}

struct output {
	struct blob b;
	size_t room;
};

static void put(struct output *o, const void *data, size_t n)
{
	if (o->b.size + n > o->room) {
		o->room = (o->b.size + n) * 2;
		o->b.data = need(realloc(o->b.data, o->room));
	}
	memcpy(o->b.data + o->b.size, data, n);
	o->b.size += n;
}

static uint32_t add_name(struct output *strings, const char *prefix, const char *name)
{
	uint32_t at = strings->b.size;

	put(strings, prefix, strlen(prefix));
	put(strings, name, strlen(name) + 1);
	return at;
}

/* One symbol; an alias for it is appended. */
static void change(Elf64_Sym *s, struct output *symbols, struct output *strings)
{
	const char *name = (const char *)strings->b.data + s->st_name;
	char *copy, what = s->st_name ? action(name) : 0;
	Elf64_Sym alias = *s;

	if (!what || ELF64_ST_BIND(s->st_info) == STB_LOCAL || s->st_shndx == SHN_COMMON)
		return;
	if (what == 'w') {
		if (s->st_shndx != SHN_UNDEF)
			s->st_info = ELF64_ST_INFO(STB_WEAK, ELF64_ST_TYPE(s->st_info));
		return;
	}
	copy = need(strdup(name));
	s->st_name = add_name(strings, PREFIX, copy);
	free(copy);
	if (what == 'a' && s->st_shndx != SHN_UNDEF) {
		alias.st_info = ELF64_ST_INFO(STB_WEAK, ELF64_ST_TYPE(alias.st_info));
		put(symbols, &alias, sizeof(alias));
	}
}

/* An object with its symbol list and the names written anew, behind everything else. */
static void put_object(struct output *to, const char *path, struct blob b)
{
	struct elf_file e = elf_open(path, b);
	struct output symbols = {0}, strings = {0}, file = {0};
	Elf64_Shdr *table = NULL, *names;

	for (unsigned int i = 1; i < e.head->e_shnum; i++)
		if (e.section[i].sh_type == SHT_SYMTAB)
			table = &e.section[i];
	if (!table || table->sh_link >= e.head->e_shnum) {
		put(to, b.data, b.size);
		return;
	}
	names = &e.section[table->sh_link];
	put(&symbols, b.data + table->sh_offset, table->sh_size);
	put(&strings, b.data + names->sh_offset, names->sh_size);
	for (uint64_t i = 0; i < table->sh_size / sizeof(Elf64_Sym); i++) {
		Elf64_Sym s = ((Elf64_Sym *)symbols.b.data)[i];

		change(&s, &symbols, &strings);
		((Elf64_Sym *)symbols.b.data)[i] = s;
	}
	put(&symbols, "\0\0\0\0\0\0\0", -(b.size + symbols.b.size) % 8);
	table->sh_offset = (b.size + 7) & ~7ull;
	table->sh_size = symbols.b.size / sizeof(Elf64_Sym) * sizeof(Elf64_Sym);
	names->sh_offset = table->sh_offset + symbols.b.size;
	names->sh_size = strings.b.size;
	put(&file, b.data, b.size);
	put(&file, "\0\0\0\0\0\0\0", -b.size % 8);
	put(&file, symbols.b.data, symbols.b.size);
	put(&file, strings.b.data, strings.b.size);
	put(to, file.b.data, file.b.size);
	free(symbols.b.data);
	free(strings.b.data);
	free(file.b.data);
}

static void put_member(struct output *to, const char *path, const struct ar_hdr *h, struct blob b)
{
	struct ar_hdr head = *h;
	size_t at = to->b.size;
	char size[24];

	put(to, &head, sizeof(head));
	if (elf_is(&b)) {
		uint8_t *aligned = zalloc(b.size);

		memcpy(aligned, b.data, b.size);
		put_object(to, path, (struct blob){aligned, b.size});
		free(aligned);
	} else {
		put(to, b.data, b.size);
	}
	snprintf(size, sizeof(size), "%-10zu", to->b.size - at - sizeof(head));
	memcpy(((struct ar_hdr *)(to->b.data + at))->ar_size, size, 10);
	if (to->b.size % 2)
		put(to, "\n", 1);
}

int main(int argc, char **argv)
{
	struct output out = {0};
	struct blob in;

	tool = "exo-names";
	if (argc != 4)
		usage_error("usage: exo-names LIST IN.a OUT.a");
	read_list(argv[1]);
	in = read_file(argv[2]);
	if (in.size < SARMAG || memcmp(in.data, ARMAG, SARMAG) != 0)
		die("%s: not an archive", argv[2]);
	put(&out, ARMAG, SARMAG);
	for (size_t at = SARMAG; at + sizeof(struct ar_hdr) <= in.size;) {
		const struct ar_hdr *h = (const struct ar_hdr *)(in.data + at);
		size_t n = strtoul(h->ar_size, NULL, 10);

		at += sizeof(*h);
		if (!holds(&in, at, n))
			die("%s: truncated", argv[2]);
		/* The old index is wrong now. */
		if (memcmp(h->ar_name, "/ ", 2) != 0)
			put_member(&out, argv[2], h, (struct blob){in.data + at, n});
		at += n + n % 2;
	}
	write_file(argv[3], out.b, 0666);
	return 0;
}
