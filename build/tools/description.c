/* description.c - read descriptions of several images (docs/images.md), and the steward's list.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shares.h"

#include <ctype.h>
#include <string.h>
#include <util/settings.h>

static const char said_twice[] = "said twice";

/* Without the blanks at both ends; what follows the result's end is cut off. */
static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	text[n] = 0;
	return text;
}

/* Quotes keep blanks at the ends, and say that there is nothing. */
static char *unquote(char *text)
{
	size_t n = strlen(text);

	if (n < 2 || text[0] != '"' || text[n - 1] != '"')
		return text;
	text[n - 1] = 0;
	return text + 1;
}

void share_default(struct share *s)
{
	s->start = true;
	s->slice = SLICE_DEFAULT;
}

static struct share *add(struct shares *s, const char *name, unsigned int line)
{
	struct share *share = &s->share[s->count++];

	memset(share, 0, sizeof(*share));
	snprintf(share->name, sizeof(share->name), "%s", name);
	share->line = line;
	share_default(share);
	return share;
}

/* A name that cannot be has its section read all the same: there may be more to complain of. */
static struct share *section(struct shares *s, char *text, unsigned int line, struct report *r)
{
	char *end = strchr(text, ']'), *name = text + 1;
	const struct share *other;

	if (!end || end[1]) {
		complain(r, line, "a section begins with [NAME], and nothing behind it");
		return NULL;
	}
	if (s->count == SHARES_MAX) {
		complain(r, line, "more than %d images", SHARES_MAX);
		return NULL;
	}
	*end = 0;
	name = trim(name);
	if (!share_name_ok(name))
		complain(r, line,
			 "\"%s\" is no name for an image: a letter, then letters, digits, . _ -, "
			 "at most %d, not \"steward\"",
			 name, SHARE_NAME_MAX);
	other = share_named(s, name);
	if (other)
		complain(r, line, "the name \"%s\" is taken, in line %u", name, other->line);
	return add(s, name, line);
}

const char *shares_machine(struct shares *s, const char *key, const char *value, unsigned int line)
{
	const char *why;

	if (strcmp(key, "mem") == 0) {
		if (s->memory_line)
			return said_twice;
		s->memory_line = line;
		why = size_read(&s->memory, value);
		return why || s->memory >= 2 << 20 ? why : "too little: a machine has 2M at least";
	}
	if (strcmp(key, "cpus") != 0)
		return no_such_key;
	if (s->cpus_line)
		return said_twice;
	s->cpus_line = line;
	if (count_read(&s->cpus, value, SHARES_CPUS) || !s->cpus)
		return "no number of CPUs, 1 to 64";
	return NULL;
}

static const char *file_key(struct share *s, const char *value, unsigned int line)
{
	if (s->file)
		return said_twice;
	s->file = value;
	s->file_line = line;
	return *value ? NULL : "no file";
}

/* Who wrote a comment where none can be. */
static const char *comment_hint(const char *value)
{
	return strstr(value, " #") || strstr(value, "\t#") ? " (a comment has a line of its own)"
							   : "";
}

static void entry(struct shares *s, struct share *share, char *text, unsigned int line,
		  struct report *r)
{
	char *equals = strchr(text, '='), *key, *value;
	const char *why;

	if (!equals) {
		complain(r, line, "neither [NAME] nor KEY = VALUE: %.80s%s", text,
			 strlen(text) > 80 ? "..." : "");
		return;
	}
	*equals = 0;
	key = trim(text);
	value = unquote(trim(equals + 1));
	if (!share)
		why = shares_machine(s, key, value, line);
	else if (strcmp(key, "image") == 0)
		why = file_key(share, value, line);
	else
		why = share_set(share, key, value, line);
	if (why == no_such_key)
		complain(r, line, "no such key: %.80s; there %s", key,
			 share ? "are image memory guaranteed cpus claim slice restart restarts "
				 "sees start input loads arg env"
			       : "are mem and cpus; more behind the first [NAME]");
	else if (why)
		complain(r, line, "%s = %.80s%s: %s%s", key, value, strlen(value) > 80 ? "..." : "",
			 why, comment_hint(value));
}

bool description_read(struct shares *s, char *text, size_t bytes, struct report *r)
{
	struct share *share = NULL;
	unsigned int line = 0;
	bool skip = false;
	char *end;

	memset(s, 0, sizeof(*s));
	if (memchr(text, 0, bytes)) {
		complain(r, 0, "not a text file");
		return false;
	}
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3; /* some editors begin every text in UTF-8 so */
	for (; text; text = end) {
		char *now;

		line++;
		end = strchr(text, '\n');
		if (end)
			*end++ = 0;
		now = trim(text);
		if (*now == '[') {
			share = section(s, now, line, r);
			skip = !share;
		} else if (*now && *now != '#' && !skip) {
			entry(s, share, now, line, r);
		}
	}
	if (!s->count && !r->errors)
		complain(r, 0, "it describes no image: there is no [NAME] in it");
	for (unsigned int i = 0; i < s->count; i++)
		if (!s->share[i].file)
			complain(r, s->share[i].line, "[%s] has no line image = FILE",
				 s->share[i].name);
	return !r->errors;
}

static const char *list_key(struct shares *s, char key[16], const char *string)
{
	struct share *share = s->count ? &s->share[s->count - 1] : NULL;
	const char *value = strchr(string, '=');

	if (!value || value - string >= 16)
		return no_such_key;
	memcpy(key, string, value - string);
	key[value++ - string] = 0;
	if (strcmp(key, "image") == 0) {
		if (s->count == SHARES_MAX)
			return "one too many";
		if (!share_name_ok(value) || share_named(s, value))
			return "no name, or one that is taken";
		add(s, value, 0);
		return NULL;
	}
	if (share && strcmp(key, "archive") == 0) {
		share->archive = value;
		return NULL;
	}
	return share ? share_set(share, key, value, 1) : no_such_key;
}

bool list_read(struct shares *s, const char *list, size_t bytes, struct report *r)
{
	const char *string = NULL;

	memset(s, 0, sizeof(*s));
	while ((string = settings_next(list, bytes, string)) != NULL) {
		char key[16] = "";
		const char *why = list_key(s, key, string);

		if (why)
			complain(r, 0, "its list of images makes no sense: \"%s\": %s", string,
				 why);
	}
	for (unsigned int i = 0; i < s->count; i++)
		if (!s->share[i].archive)
			complain(r, 0, "its list of images has no archive for %s",
				 s->share[i].name);
	return !r->errors && s->count;
}
