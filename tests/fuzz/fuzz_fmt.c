/* fuzz_fmt.c - fuzz target: formatted text, against the host's own printf.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Formats are made of what both know, with four arguments of any value; any other bytes as a format
 * must at least end, say how long the text would be and stay in their room.
 */
#include "fuzz.h"

#include <util/fmt.h>

#define FORMAT_MAX 100
#define TEXT_MAX   4096

static char format[FORMAT_MAX];

/* One conversion of a number; flags as both take them. */
static void conversion(struct input *in, int args)
{
	static const char *const letter[] = {"d", "i", "u", "x", "X", "ld", "lu", "lx", "zu", "zx"};
	uint64_t how = get_bytes(in, 1);
	char *at = format + strlen(format);

	*at++ = '%';
	if (how & 1)
		*at++ = '-';
	if (how & 2)
		*at++ = '0';
	if (how & 4)
		at += sprintf(at, "%u", (unsigned)get_below(in, 70));
	if (!args)
		strcpy(at, "%"); /* "%5%" means something else on each system: take a plain one */
	else
		strcpy(at, letter[get_below(in, 10)]);
	if (!args)
		strcpy(strrchr(format, '%') - 1, "%%");
}

static void same(const char *ours, const char *theirs, size_t n, int m)
{
	if (strcmp(ours, theirs) == 0 && n == (size_t)m)
		return;
	fprintf(stderr, "format \"%s\": \"%s\" (%zu), not \"%s\" (%d)\n", format, ours, n, theirs,
		m);
	abort();
}

static void numbers(struct input *in)
{
	static char ours[TEXT_MAX], theirs[TEXT_MAX];
	uint64_t v[4];
	size_t n;
	int m;

	*format = 0;
	for (int i = 0; i < 4; i++) {
		v[i] = get_number(in);
		conversion(in, 1);
		strncat(format, "|", 1);
	}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = fmt_string(ours, sizeof(ours), format, v[0], v[1], v[2], v[3]);
	m = snprintf(theirs, sizeof(theirs), format, v[0], v[1], v[2], v[3]);
#pragma GCC diagnostic pop
	same(ours, theirs, n, m);
}

static void strings(struct input *in)
{
	static const char *const shape[] = {"%s", "%*s", "%.*s", "%-*s", "<%*.*s>", "%c%s", "%*c"};
	static char ours[TEXT_MAX], theirs[TEXT_MAX];
	int a = (int)(int8_t)get_bytes(in, 1), b = (int)(int8_t)get_bytes(in, 1);
	size_t which = get_below(in, 7), n, bytes;
	char *text;
	int m;

	bytes = (size_t)(in->end - in->at) < 900 ? (size_t)(in->end - in->at) : 900;
	/* with a precision no zero byte has to end it */
	text = malloc(bytes + 1);
	memcpy(text, in->at, bytes);
	text[bytes] = 0;
	strcpy(format, shape[which]);
	switch (which) {
	case 0:
		n = fmt_string(ours, sizeof(ours), shape[0], text);
		m = snprintf(theirs, sizeof(theirs), shape[0], text);
		break;
	case 4:
		n = fmt_string(ours, sizeof(ours), shape[4], a, b, text);
		m = snprintf(theirs, sizeof(theirs), shape[4], a, b, text);
		break;
	case 5:
		n = fmt_string(ours, sizeof(ours), shape[5], 'x', text);
		m = snprintf(theirs, sizeof(theirs), shape[5], 'x', text);
		break;
	case 6:
		n = fmt_string(ours, sizeof(ours), shape[6], a, 'y');
		m = snprintf(theirs, sizeof(theirs), shape[6], a, 'y');
		break;
	default:
		n = fmt_string(ours, sizeof(ours), shape[which], a, text);
		m = snprintf(theirs, sizeof(theirs), shape[which], a, text);
	}
	same(ours, theirs, n, m);
	free(text);
}

static void anything(struct input *in)
{
	size_t room = get_bytes(in, 1), bytes = (size_t)(in->end - in->at), n;
	char *text = malloc(bytes + 1), *to = malloc(room ? room : 1);
	int conversions = 0;

	memcpy(text, in->at, bytes);
	text[bytes] = 0;
	for (char *p = text; *p; p++) {
		if (*p == 's' || *p == '*' || (*p >= '0' && *p <= '9'))
			*p = 'd'; /* no pointers, and no widths that take for ever */
		if (*p == '%' && ++conversions > 5)
			*p = 'd'; /* nor more arguments than there are */
	}
	n = fmt_string(to, room, text, 1, 2, 3, 4, 5);
	must(!room || (strnlen(to, room) < room && strlen(to) <= n));
	free(text);
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	switch (get_bytes(&in, 1) % 3) {
	case 0:
		numbers(&in);
		break;
	case 1:
		strings(&in);
		break;
	default:
		anything(&in);
	}
	return 0;
}
