/* shares.c - the keys of a description and of the steward's list, and their values.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shares.h"

#include <ctype.h>
#include <exo/map.h>
#include <stdarg.h>
#include <string.h>

const char no_such_key[] = "no such key";

extern const char *tool;

void complain(struct report *r, unsigned int line, const char *format, ...)
{
	va_list args;

	fprintf(r->to, "%s: ", tool);
	if (r->path && line)
		fprintf(r->to, "%s:%u: ", r->path, line);
	else if (r->path)
		fprintf(r->to, "%s: ", r->path);
	va_start(args, format);
	vfprintf(r->to, format, args);
	va_end(args);
	fputc('\n', r->to);
	r->errors++;
}

bool share_name_ok(const char *name)
{
	size_t n = strlen(name);

	return n && n <= SHARE_NAME_MAX && isalpha((unsigned char)*name) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       n &&
	       strcmp(name, "steward") != 0;
}

struct share *share_named(struct shares *s, const char *name)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (strcmp(s->share[i].name, name) == 0)
			return &s->share[i];
	return NULL;
}

static size_t base_length(const char *name)
{
	static const char *const suffix[] = {".iso", ".img", ".qcow2", ".elf"};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		size_t k = strlen(suffix[i]);

		if (n > k && strcmp(name + n - k, suffix[i]) == 0)
			return n - k;
	}
	return n;
}

void share_make_name(struct shares *s, struct share *to, const char *file, const char *own)
{
	const char *slash = strrchr(file, '/'), *from = own ? own : slash ? slash + 1 : file;
	char base[SHARE_NAME_MAX + 1] = "", name[SHARE_NAME_MAX + 1];
	size_t n = own ? strlen(own) : base_length(from), at = 0;

	if (!isalpha((unsigned char)*from))
		at = strlen(strcpy(base, "image-"));
	for (size_t i = 0; i < n && at < SHARE_NAME_MAX; i++)
		base[at++] =
			isalnum((unsigned char)from[i]) || strchr("._-", from[i]) ? from[i] : '-';
	base[at] = 0;
	strcpy(name, base);
	for (unsigned int i = 2; !share_name_ok(name) || share_named(s, name); i++) {
		char number[12];

		n = snprintf(number, sizeof(number), "-%u", i);
		snprintf(name, sizeof(name), "%.*s%s", (int)(SHARE_NAME_MAX - n), base, number);
	}
	strcpy(to->name, name);
}

/* Digits only, no sign, no blanks; false too if it is above `most`. */
static bool number(uint64_t *n, const char **text, uint64_t most)
{
	const char *p = *text;

	*n = 0;
	for (; isdigit((unsigned char)*p); p++) {
		if (*n > (most - (*p - '0')) / 10)
			return false;
		*n = *n * 10 + (*p - '0');
	}
	if (p == *text)
		return false;
	*text = p;
	return true;
}

const char *size_read(uint64_t *bytes, const char *text)
{
	static const char unit[] = "KMG";
	const char *u;
	unsigned int shift = 0;

	if (!number(bytes, &text, SHARES_MEMORY_MAX))
		return "no size like 64M (4096G at most)";
	u = *text ? strchr(unit, toupper((unsigned char)*text)) : NULL;
	if (u)
		shift = 10 * (u - unit + 1);
	if (text[u ? 1 : 0] || *bytes > SHARES_MEMORY_MAX >> shift)
		return "no size like 64M (4096G at most)";
	*bytes = ((*bytes << shift) + EXO_PAGE_SIZE - 1) & ~(uint64_t)(EXO_PAGE_SIZE - 1);
	return NULL;
}

const char *count_read(unsigned int *n, const char *text, unsigned int most)
{
	uint64_t wide;

	if (!number(&wide, &text, most) || *text)
		return "no number, or one that is too large";
	*n = wide;
	return NULL;
}

const char *time_read(uint64_t *ns, const char *text)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} unit[] = {{"", 1}, {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};

	if (!number(ns, &text, SLICE_MAX))
		return "no time like 10ms";
	while (*text == ' ')
		text++;
	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		if (strcmp(text, unit[i].name) != 0)
			continue;
		*ns *= unit[i].ns;
		return *ns < SLICE_MIN || *ns > SLICE_MAX ? "not within 10us and 1s" : NULL;
	}
	return "no time like 10ms";
}

const char *cpus_read(uint64_t *mask, const char *text)
{
	static const char wrong[] = "no list of CPUs like 0,2-3 (0 to 63, each once)";
	uint64_t first, last;

	*mask = 0;
	for (;; text++) {
		while (*text == ' ')
			text++;
		if (!number(&first, &text, SHARES_CPUS - 1))
			return wrong;
		last = first;
		if (*text == '-' && (text++, !number(&last, &text, SHARES_CPUS - 1)))
			return wrong;
		for (uint64_t cpu = first; cpu <= last; cpu++) {
			if (*mask >> cpu & 1)
				return wrong;
			*mask |= 1ull << cpu;
		}
		if (last < first || (*text && *text != ','))
			return wrong;
		if (!*text)
			return NULL;
	}
}

void cpus_text(char *to, size_t room, uint64_t mask)
{
	size_t at = 0;

	*to = 0;
	for (unsigned int cpu = 0; cpu < SHARES_CPUS; cpu++) {
		unsigned int last = cpu;

		if (!(mask >> cpu & 1))
			continue;
		while (last + 1 < SHARES_CPUS && mask >> (last + 1) & 1)
			last++;
		at += snprintf(to + at, at < room ? room - at : 0, "%s%u", at ? "," : "", cpu);
		if (last > cpu)
			at += snprintf(to + at, at < room ? room - at : 0, "-%u", last);
		cpu = last;
	}
}

static const char *choose(int *to, const char *value, const char *const *word, const char *why)
{
	for (int i = 0; word[i]; i++)
		if (strcmp(value, word[i]) == 0) {
			*to = i;
			return NULL;
		}
	return why;
}

static const char *yes_or_no(bool *to, const char *value)
{
	static const char *const word[] = {"no", "yes", NULL};
	int i = 0;
	const char *why = choose(&i, value, word, "neither yes nor no");

	*to = i;
	return why;
}

const char *const restart_word[] = {"never", "on-failure", "always", NULL};
static const char *const sees_word[] = {"own", "all", NULL};

static const char *add_setting(struct share *s, const char *key, const char *value)
{
	size_t n = strlen(key) + 1 + strlen(value) + 1;
	const char *equals = strchr(value, '=');

	if (strcmp(key, "env") == 0 && (!equals || equals == value))
		return "not NAME=VALUE";
	if (n > sizeof(s->settings) - s->settings_bytes)
		return "too much: arguments and environment of an image have 2400 bytes";
	snprintf(s->settings + s->settings_bytes, n, "%s=%s", key, value);
	s->settings_bytes += n;
	return NULL;
}

static const char *set_key(struct share *s, enum share_key key, const char *value)
{
	const char *why;
	int i = 0;

	switch (key) {
	case KEY_MEMORY:
		return size_read(&s->memory, value);
	case KEY_GUARANTEED:
		return size_read(&s->guaranteed, value);
	case KEY_CPUS:
		return cpus_read(&s->cpus, value);
	case KEY_SLICE:
		return time_read(&s->slice, value);
	case KEY_RESTART:
		why = choose(&i, value, restart_word, "none of never, on-failure, always");
		s->restart = i;
		return why;
	case KEY_RESTARTS:
		return count_read(&s->restarts, value, 1000000);
	case KEY_SEES:
		why = choose(&i, value, sees_word, "neither own nor all");
		s->sees_all = i;
		return why;
	case KEY_CLAIM:
		return yes_or_no(&s->claim, value);
	case KEY_START:
		return yes_or_no(&s->start, value);
	case KEY_INPUT:
		return yes_or_no(&s->input, value);
	case KEY_LOADS:
		return yes_or_no(&s->loads, value);
	default:
		return add_setting(s, key == KEY_ARG ? "arg" : "env", value);
	}
}

const char *share_set(struct share *s, const char *key, const char *value, unsigned int line)
{
	static const char *const name[SHARE_KEYS] = {
		"memory", "guaranteed", "cpus",  "claim", "slice", "restart", "restarts",
		"sees",   "start",      "input", "loads", "arg",   "env"};

	for (enum share_key k = 0; k < SHARE_KEYS; k++) {
		if (strcmp(key, name[k]) != 0)
			continue;
		if (s->given[k] && k < KEY_ARG)
			return "said twice";
		s->given[k] = line;
		return set_key(s, k, value);
	}
	return no_such_key;
}

void share_write(FILE *to, const struct share *s)
{
	char cpus[256];

	cpus_text(cpus, sizeof(cpus), s->cpus);
	fprintf(to, "image=%s%c", s->name, 0);
	fprintf(to, "archive=%s%c", s->archive, 0);
	fprintf(to, "memory=%llu%c", (unsigned long long)s->memory, 0);
	fprintf(to, "guaranteed=%llu%c", (unsigned long long)s->guaranteed, 0);
	fprintf(to, "cpus=%s%c", cpus, 0);
	fprintf(to, "claim=%s%c", s->claim ? "yes" : "no", 0);
	fprintf(to, "slice=%llu%c", (unsigned long long)s->slice, 0);
	fprintf(to, "restart=%s%c", restart_word[s->restart], 0);
	fprintf(to, "restarts=%u%c", s->restarts, 0);
	fprintf(to, "sees=%s%c", sees_word[s->sees_all], 0);
	fprintf(to, "start=%s%c", s->start ? "yes" : "no", 0);
	fprintf(to, "input=%s%c", s->input ? "yes" : "no", 0);
	fprintf(to, "loads=%s%c", s->loads ? "yes" : "no", 0);
	fwrite(s->settings, 1, s->settings_bytes, to);
}
