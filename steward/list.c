/* list.c - read the strings of the module `images`.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "list.h"

#include <libexo/string.h>
#include <util/settings.h>

#define MEMORY_DEFAULT (16 << 20)
#define SLICE_DEFAULT  10000000
#define SLICE_MIN      10000
#define SLICE_MAX      1000000000

static bool read_number(const char **text, uint64_t most, uint64_t *n)
{
	const char *p = *text;

	for (*n = 0; *p >= '0' && *p <= '9'; p++) {
		uint64_t digit = *p - '0';

		if (*n > (most - digit) / 10)
			return false;
		*n = *n * 10 + digit;
	}
	if (p == *text)
		return false;
	*text = p;
	return true;
}

/* The whole text is a number within the bounds. */
static bool is_number(const char *text, uint64_t least, uint64_t most, uint64_t *to)
{
	uint64_t n;

	if (!read_number(&text, most, &n) || *text || n < least)
		return false;
	*to = n;
	return true;
}

static bool is_frames(const char *text, uint64_t *to)
{
	if (!is_number(text, 0, 1ull << 52, to))
		return false;
	*to = (*to + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;
	return true;
}

static bool is_cpus(const char *text, uint64_t *to)
{
	uint64_t first, last;

	for (*to = 0;; text++) {
		if (!read_number(&text, EXO_CPU_MAX - 1, &first))
			return false;
		last = first;
		if (*text == '-' && (text++, !read_number(&text, EXO_CPU_MAX - 1, &last)))
			return false;
		if (last < first)
			return false;
		*to |= ~0ull >> (63 - (last - first)) << first;
		if (*text != ',')
			return !*text;
	}
}

/* Which of the words, one after the other and each ended by a zero byte, the text is; or -1. */
static int which(const char *text, const char *words)
{
	for (int i = 0; *words; i++, words += strlen(words) + 1)
		if (!strcmp(text, words))
			return i;
	return -1;
}

static bool is_choice(const char *text, const char *words, uint8_t *to)
{
	int i = which(text, words);

	if (i >= 0)
		*to = (uint8_t)i;
	return i >= 0;
}

static bool is_yes(const char *text, bool *to)
{
	int i = which(text, "no\0yes\0");

	if (i >= 0)
		*to = i;
	return i >= 0;
}

static bool is_sees(const char *text, bool *to)
{
	int i = which(text, "own\0all\0");

	if (i >= 0)
		*to = i;
	return i >= 0;
}

bool share_name_ok(const char *text)
{
	size_t n = strlen(text);

	if (!n || n > SHARE_NAME_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i], lower = c | 0x20;
		bool letter = lower >= 'a' && lower <= 'z';

		if (!letter &&
		    (!i || !((c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')))
			return false;
	}
	return true;
}

/* An unknown key is left alone, as in SETTINGS. */
static bool set(struct share *s, const char *string)
{
	const char *v;

	if ((v = settings_value(string, "archive")))
		return s->archive = v, *v;
	if ((v = settings_value(string, "memory")))
		return is_frames(v, &s->memory) && s->memory;
	if ((v = settings_value(string, "guaranteed")))
		return is_frames(v, &s->guaranteed);
	if ((v = settings_value(string, "cpus")))
		return is_cpus(v, &s->cpus);
	if ((v = settings_value(string, "claim")))
		return is_yes(v, &s->claim);
	if ((v = settings_value(string, "slice")))
		return is_number(v, SLICE_MIN, SLICE_MAX, &s->slice);
	if ((v = settings_value(string, "restart")))
		return is_choice(v, "never\0on-failure\0always\0", &s->restart);
	if ((v = settings_value(string, "restarts"))) {
		uint64_t n;

		return is_number(v, 0, UINT32_MAX, &n) && (s->restarts = (uint32_t)n, true);
	}
	if ((v = settings_value(string, "sees")))
		return is_sees(v, &s->sees_all);
	if ((v = settings_value(string, "start")))
		return is_yes(v, &s->start);
	if ((v = settings_value(string, "input")))
		return is_yes(v, &s->input);
	if ((v = settings_value(string, "loads")))
		return is_yes(v, &s->loads);
	return true;
}

void share_begin(struct share *s)
{
	*s = (struct share){.memory = MEMORY_DEFAULT / EXO_PAGE_SIZE,
			    .guaranteed = UINT64_MAX,
			    .cpus = 1,
			    .slice = SLICE_DEFAULT,
			    .start = true};
}

bool list_next(struct share *s, const char *list, size_t bytes, const char **at, const char **wrong)
{
	const char *name = NULL;

	share_begin(s);
	*wrong = NULL;
	while ((*at = settings_next(list, bytes, *at))) {
		name = settings_value(*at, "image");
		if (name)
			break;
	}
	if (!name)
		return false;
	if (share_name_ok(name))
		memcpy(s->name, name, strlen(name) + 1);
	else
		*wrong = *at;
	s->strings = *at;
	for (const char *next; (next = settings_next(list, bytes, *at)); *at = next) {
		if (settings_value(next, "image"))
			break;
		if (!set(s, next) && !*wrong)
			*wrong = next;
	}
	s->bytes = (size_t)(*at + strlen(*at) + 1 - s->strings);
	if (s->guaranteed > s->memory)
		s->guaranteed = s->memory;
	return true;
}

size_t share_settings(const struct share *s, char *to, size_t room)
{
	size_t used = 0;

	for (const char *p = NULL; (p = settings_next(s->strings, s->bytes, p));) {
		size_t n = strlen(p) + 1;

		if ((!settings_value(p, "arg") && !settings_value(p, "env")) || n > room - used)
			continue;
		memcpy(to + used, p, n);
		used += n;
	}
	return used;
}
