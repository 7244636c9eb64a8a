/* iconv.c - text from one character set to another: Unicode's forms and the Latin ones.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum form { ASCII, LATIN1, LATIN9, CP1252, UTF8, UCS2, UTF16, UTF32 };

struct set {
	const char *name; /* capital letters and digits only */
	enum form form;
	char order; /* B, L, or M: little, with a mark in front */
};

struct converter {
	struct set from, to;
	bool ignore, translit, marked, begun;
};

static const struct set sets[] = {
	{"ASCII", ASCII, 0},       {"USASCII", ASCII, 0},
	{"ANSIX341968", ASCII, 0}, {"646", ASCII, 0},
	{"C", ASCII, 0},           {"UTF8", UTF8, 0},
	{"ISO88591", LATIN1, 0},   {"LATIN1", LATIN1, 0},
	{"L1", LATIN1, 0},         {"88591", LATIN1, 0},
	{"ISO885915", LATIN9, 0},  {"LATIN9", LATIN9, 0},
	{"CP1252", CP1252, 0},     {"WINDOWS1252", CP1252, 0},
	{"UTF16", UTF16, 'M'},     {"UTF16LE", UTF16, 'L'},
	{"UTF16BE", UTF16, 'B'},   {"UTF32", UTF32, 'M'},
	{"UTF32LE", UTF32, 'L'},   {"UTF32BE", UTF32, 'B'},
	{"UCS2", UCS2, 'L'},       {"UCS2LE", UCS2, 'L'},
	{"UCS2BE", UCS2, 'B'},     {"UCS4", UTF32, 'B'},
	{"UCS4LE", UTF32, 'L'},    {"UCS4BE", UTF32, 'B'},
	{"WCHART", UTF32, 'L'},    {"ISO10646", UTF32, 'B'},
};

/* 0x80 to 0x9f of CP1252; 0: nothing. */
static const uint16_t upper[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/* Where ISO-8859-15 differs from -1. */
static const uint16_t nine[][2] = {{0xa4, 0x20ac}, {0xa6, 0x160}, {0xa8, 0x161}, {0xb4, 0x17d},
				   {0xb8, 0x17e},  {0xbc, 0x152}, {0xbd, 0x153}, {0xbe, 0x178}};
#define NINE (sizeof(nine) / sizeof(nine[0]))

static bool look_up(const char *name, struct set *s, struct converter *c)
{
	char plain[24];
	size_t n = 0;

	for (; *name && strncmp(name, "//", 2); name++)
		if (isalnum((unsigned char)*name) && n < sizeof(plain) - 1)
			plain[n++] = (char)toupper((unsigned char)*name);
	plain[n] = '\0';
	if (c && strstr(name, "//IGNORE"))
		c->ignore = true;
	if (c && strstr(name, "//TRANSLIT"))
		c->translit = true;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!strcmp(sets[i].name, n ? plain : "ASCII")) {
			*s = sets[i];
			return true;
		}
	return false;
}

iconv_t iconv_open(const char *to, const char *from)
{
	struct converter c = {.ignore = false}, *p;

	if (!look_up(from, &c.from, NULL) || !look_up(to, &c.to, &c)) {
		errno = EINVAL;
		return (iconv_t)-1;
	}
	p = malloc(sizeof(*p));
	if (!p)
		return (iconv_t)-1;
	*p = c;
	return (iconv_t)p;
}

int iconv_close(iconv_t c)
{
	free((void *)c);
	return 0;
}

static uint32_t units(const unsigned char *s, size_t n, char order)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | s[order == 'B' ? i : n - 1 - i];
	return v;
}

/* One character: the bytes it takes, -EILSEQ, or -EINVAL if there are too few. */
static int read_utf8(const unsigned char *s, size_t n, uint32_t *v)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int length = *s < 0x80   ? 1
		     : *s < 0xc2 ? 0
		     : *s < 0xe0 ? 2
		     : *s < 0xf0 ? 3
		     : *s < 0xf5 ? 4
				 : 0;

	if (!length)
		return -EILSEQ;
	*v = length == 1 ? *s : *s & (0x7fu >> length);
	for (int i = 1; i < length; i++) {
		if ((size_t)i >= n)
			return -EINVAL;
		if ((s[i] & 0xc0) != 0x80)
			return -EILSEQ;
		*v = *v << 6 | (s[i] & 0x3f);
	}
	if (*v < least[length] || *v > 0x10ffff || (*v & ~0x7ffu) == 0xd800)
		return -EILSEQ;
	return length;
}

static int read_one(struct converter *c, const unsigned char *s, size_t n, uint32_t *v)
{
	char order = c->from.order == 'M' ? c->marked ? 'B' : 'L' : c->from.order;
	size_t size = c->from.form == UTF32 ? 4 : 2;

	if (c->from.form == UTF8)
		return read_utf8(s, n, v);
	if (c->from.form >= UCS2) {
		if (n < size)
			return -EINVAL;
		*v = units(s, size, order);
		if (*v >> 10 == 0xd800 >> 10 && c->from.form == UTF16) {
			if (n < 4)
				return -EINVAL;
			*v = (*v << 10) + units(s + 2, 2, order) - (0xd800u << 10) - 0xdc00 +
			     0x10000;
			return units(s + 2, 2, order) >> 10 == 0xdc00 >> 10 ? 4 : -EILSEQ;
		}
		return *v > 0x10ffff || (*v & ~0x7ffu) == 0xd800 ? -EILSEQ : (int)size;
	}
	*v = *s;
	if (*s >= 0x80 && c->from.form == ASCII)
		return -EILSEQ;
	if (*s >= 0x80 && *s < 0xa0 && c->from.form == CP1252)
		*v = upper[*s - 0x80];
	for (size_t i = 0; i < NINE && c->from.form == LATIN9; i++)
		if (nine[i][0] == *s)
			*v = nine[i][1];
	return *v || !*s ? 1 : -EILSEQ;
}

static int put_units(unsigned char *s, size_t room, uint32_t v, size_t n, char order)
{
	if (room < n)
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		s[order == 'B' ? n - 1 - i : i] = (unsigned char)(v >> 8 * i);
	return (int)n;
}

static int write_utf8(unsigned char *s, size_t room, uint32_t v)
{
	int n = v < 0x80 ? 1 : v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;

	if (room < (size_t)n)
		return -E2BIG;
	if (n == 1) {
		*s = (unsigned char)v;
		return 1;
	}
	for (int i = n - 1; i; i--, v >>= 6)
		s[i] = (unsigned char)(0x80 | (v & 0x3f));
	*s = (unsigned char)(0xf00 >> n | v);
	return n;
}

/* One byte, or -EILSEQ if the set does not have it. */
static int write_byte(const struct converter *c, unsigned char *s, size_t room, uint32_t v)
{
	uint32_t b = v < (c->to.form == ASCII ? 0x80u : 0x100u) ? v : 0;

	for (size_t i = 0; i < NINE && c->to.form == LATIN9; i++)
		if (nine[i][1] == v)
			b = nine[i][0];
		else if (nine[i][0] == v)
			b = 0;
	for (uint32_t i = 0; i < 32 && c->to.form == CP1252; i++)
		if (v >= 0x80 && upper[i] == v)
			b = 0x80 + i;
		else if (v == 0x80 + i)
			b = 0;
	if (!b && v)
		return -EILSEQ;
	if (!room)
		return -E2BIG;
	*s = (unsigned char)b;
	return 1;
}

static int write_one(struct converter *c, unsigned char *s, size_t room, uint32_t v)
{
	char order = c->to.order == 'M' ? 'L' : c->to.order;
	size_t size = c->to.form == UTF32 ? 4 : 2, mark = 0;

	if (c->to.form == UTF8)
		return write_utf8(s, room, v);
	if (c->to.form < UTF8)
		return write_byte(c, s, room, v);
	if (c->to.order == 'M' && !c->begun) {
		if (room < 2 * size)
			return -E2BIG;
		mark = (size_t)put_units(s, room, 0xfeff, size, 'L');
	}
	if (v > 0xffff && c->to.form == UCS2)
		return -EILSEQ;
	if (v > 0xffff && c->to.form == UTF16) {
		if (room < mark + 4)
			return -E2BIG;
		put_units(s + mark, 2, 0xd7c0 + (v >> 10), 2, order);
		put_units(s + mark + 2, 2, 0xdc00 + (v & 0x3ff), 2, order);
		size = 4;
	} else if (put_units(s + mark, room - mark, v, size, order) < 0) {
		return -E2BIG;
	}
	c->begun = true;
	return (int)(mark + size);
}

/* A mark in front says which order the units have. */
static int take_mark(struct converter *c, const unsigned char *s, size_t n)
{
	size_t size = c->from.form == UTF32 ? 4 : 2;
	uint32_t v;

	if (c->from.order != 'M' || n < size)
		return 0;
	v = units(s, size, 'L');
	if (v == 0xfeff)
		c->from.order = 'L';
	else if (v == (size == 2 ? 0xfffe : 0xfffe0000u))
		c->from.order = 'B';
	else {
		c->from.order = 'L';
		return 0;
	}
	return (int)size;
}

size_t iconv(iconv_t descriptor, char **restrict in, size_t *restrict left, char **restrict out,
	     size_t *restrict room)
{
	struct converter *c = (struct converter *)descriptor;
	size_t replaced = 0;
	bool skipped = false;

	if (!in || !*in) {
		c->begun = false;
		return 0;
	}
	while (*left) {
		const unsigned char *s = (unsigned char *)*in;
		uint32_t v = 0;
		int n = take_mark(c, s, *left), w = 0;

		if (n == 0) {
			n = read_one(c, s, *left, &v);
			if (n > 0)
				w = write_one(c, (unsigned char *)*out, *room, v);
			if (n > 0 && w == -EILSEQ && c->translit) {
				w = write_one(c, (unsigned char *)*out, *room, '?');
				replaced++;
			}
			if ((n == -EILSEQ || w == -EILSEQ) && c->ignore) {
				skipped = true;
				n = n > 0 ? n : 1;
				w = 0;
			}
		}
		if (n < 0 || w < 0) {
			errno = n < 0 ? -n : -w;
			return (size_t)-1;
		}
		*in += n;
		*left -= (size_t)n;
		*out += w;
		*room -= (size_t)w;
	}
	if (skipped) {
		errno = EILSEQ;
		return (size_t)-1;
	}
	return replaced;
}
