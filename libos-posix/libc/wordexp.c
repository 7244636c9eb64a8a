/* wordexp.c - words as a shell would read them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A word being made has a backslash before each quoted character that a pattern could take for one
 * of its own; they go when the word is done.  Commands are run by popen(), so they need a shell.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <libc/arithmetic.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

#define PATTERN "*?["
#define BAD     "\n|&;<>(){}"
#define DEEPEST 50

struct words {
	int flags, error, depth;
	char *word; /* being made */
	size_t n, room;
	bool have;    /* it is one, if an empty one */
	bool pattern; /* with something in it that was not quoted */
	bool alone;   /* no fields: all is one word */
	char **all;
	size_t count;
};

static void run(struct words *w, const char *text, bool quoted);

static void fail(struct words *w, int error)
{
	if (!w->error)
		w->error = error;
}

static void put_raw(struct words *w, char c)
{
	if (w->n + 1 >= w->room) {
		size_t room = w->room ? 2 * w->room : 64;
		char *more = realloc(w->word, room);

		if (!more) {
			fail(w, WRDE_NOSPACE);
			return;
		}
		w->word = more;
		w->room = room;
	}
	w->word[w->n++] = c;
	w->word[w->n] = '\0';
}

static void put(struct words *w, char c, bool quoted)
{
	w->have = true;
	if (c == '\\' || (quoted && strchr(PATTERN "]", c)))
		put_raw(w, '\\');
	else if (strchr(PATTERN, c))
		w->pattern = true;
	put_raw(w, c);
}

/* Without the backslashes. */
static char *plain(const char *word)
{
	char *copy = strdup(word), *to = copy;

	if (!copy)
		return NULL;
	for (const char *p = word; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		*to++ = *p;
	}
	*to = '\0';
	return copy;
}

/* The list takes the text. */
static void add(struct words *w, char *text)
{
	char **more = text ? realloc(w->all, (w->count + 1) * sizeof(*more)) : NULL;

	if (!more) {
		free(text);
		fail(w, WRDE_NOSPACE);
		return;
	}
	w->all = more;
	w->all[w->count++] = text;
}

static void end_word(struct words *w)
{
	glob_t g = {0};
	int r = GLOB_NOMATCH;

	if (!w->have || w->error)
		return;
	if (w->pattern)
		r = glob(w->word, 0, NULL, &g);
	if (r == GLOB_NOSPACE)
		fail(w, WRDE_NOSPACE);
	else if (r)
		add(w, plain(w->word ? w->word : ""));
	for (size_t i = 0; !r && i < g.gl_pathc; i++)
		add(w, strdup(g.gl_pathv[i]));
	if (!r)
		globfree(&g);
	w->have = w->pattern = false;
	w->n = 0;
	if (w->word)
		*w->word = '\0';
}

/* What a variable or a command came to. */
static void put_value(struct words *w, const char *value, bool quoted)
{
	const char *ifs = getenv("IFS");

	if (!ifs)
		ifs = " \t\n";
	for (; *value; value++) {
		if (quoted || w->alone || !strchr(ifs, *value)) {
			put(w, *value, quoted);
			continue;
		}
		if (!isspace((unsigned char)*value))
			w->have = true; /* a field ends here, be it empty */
		end_word(w);
	}
}

/* A part of the text as one word of its own, with its backslashes; NULL: see w->error. */
static char *part(struct words *w, const char *text, size_t n)
{
	struct words s = {.flags = w->flags, .alone = true, .depth = w->depth + 1};
	char *copy = strndup(text, n);

	if (!copy || s.depth > DEEPEST)
		fail(&s, WRDE_NOSPACE);
	else
		run(&s, copy, false);
	free(copy);
	if (s.error) {
		fail(w, s.error);
		free(s.word);
		return NULL;
	}
	return s.word ? s.word : strdup("");
}

/* Behind what opens with `open`, as "(" does; p is behind that.  Apostrophes mean nothing between
 * double quotes, unless in a substitution there.  NULL: it does not end. */
static const char *behind(const char *p, char open, int depth)
{
	const char close = open == '(' ? ')' : '}';
	bool quotes = false;
	int deep = 1;

	while (p && *p && depth < DEEPEST) {
		char c = *p++;

		if (c == '\\')
			p += *p != '\0';
		else if (c == '"')
			quotes = !quotes;
		else if (quotes && c == '$' && (*p == '(' || *p == '{'))
			p = behind(p + 1, *p, depth + 1);
		else if (quotes)
			continue;
		else if (c == '\'')
			p = (p = strchr(p, '\'')) ? p + 1 : NULL;
		else if (c == open)
			deep++;
		else if (c == close && !--deep)
			return p;
	}
	return NULL;
}

/* $((...)) */
static void arithmetic(struct words *w, const char *text, size_t n, bool quoted)
{
	char *expression = part(w, text, n), number[24];
	long v;

	if (!expression)
		return;
	for (char *from = expression, *to = expression; (*to = *from); from++)
		to += *to != '\\'; /* "*" was quoted, perhaps */
	if (!px_arithmetic(expression, &v))
		fail(w, WRDE_SYNTAX);
	else if (snprintf(number, sizeof(number), "%ld", v))
		put_value(w, number, quoted);
	free(expression);
}

/* $(...) and `...`: without the ends of lines behind it. */
static void command(struct words *w, const char *text, size_t n, bool quoted)
{
	char *line = strndup(text, n), *value = NULL;
	size_t room = 0;
	FILE *from;

	if (w->flags & WRDE_NOCMD)
		fail(w, WRDE_CMDSUB);
	from = line && !w->error ? popen(line, "re") : NULL;
	if (!line || (!w->error && !from))
		fail(w, WRDE_NOSPACE);
	if (from) {
		ssize_t got = getdelim(&value, &room, '\0', from);

		while (got > 0 && value[got - 1] == '\n')
			value[--got] = '\0';
		pclose(from);
		if (got > 0)
			put_value(w, value, quoted);
	}
	free(value);
	free(line);
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	if (isdigit((unsigned char)*p) || (*p && strchr("@*#?-$!", *p)))
		return 1;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* What shells call special is what it is in a shell that was started with nothing. */
static const char *value_of(const char *name)
{
	static char number[24];

	if (strcmp(name, "$") == 0) {
		snprintf(number, sizeof(number), "%d", (int)getpid());
		return number;
	}
	if (strcmp(name, "#") == 0 || strcmp(name, "?") == 0)
		return "0";
	return *name == '@' || *name == '*' ? "" : getenv(name);
}

/* ${name#pattern} and its like: what is left of the value. */
static void trim(struct words *w, const char *value, const char *how, size_t n, bool quoted)
{
	bool front = *how == '#', most = how[1] == *how;
	size_t length = strlen(value), best = SIZE_MAX;
	char *pattern = part(w, how + 1 + most, n - 1 - most), *copy = strdup(value);

	for (size_t i = 0; pattern && copy && i <= length; i++) {
		size_t cut = most == front ? length - i : i; /* the first that fits */
		char c = copy[cut];

		copy[cut] = front ? '\0' : c;
		if (!fnmatch(pattern, front ? copy : copy + cut, 0))
			best = cut;
		copy[cut] = c;
		if (best != SIZE_MAX)
			break;
	}
	if (pattern && copy && best != SIZE_MAX) {
		if (front)
			memmove(copy, copy + best, length - best + 1);
		else
			copy[best] = '\0';
	}
	if (!copy)
		fail(w, WRDE_NOSPACE);
	else if (pattern)
		put_value(w, copy, quoted);
	free(pattern);
	free(copy);
}

static void use_word(struct words *w, const char *text, size_t n, bool quoted)
{
	char *copy = strndup(text, n);

	if (!copy || ++w->depth > DEEPEST)
		fail(w, WRDE_NOSPACE);
	else
		run(w, copy, quoted);
	w->depth--;
	free(copy);
}

static void assign(struct words *w, const char *name, const char *text, size_t n, bool quoted)
{
	char *word = part(w, text, n), *value = word ? plain(word) : NULL;

	if (value && setenv(name, value, 1) == 0)
		put_value(w, value, quoted);
	else
		fail(w, WRDE_NOSPACE);
	free(word);
	free(value);
}

/* What stands between the name and the brace. */
static void choose(struct words *w, const char *name, const char *how, size_t n, bool quoted)
{
	const char *value = value_of(name);
	bool colon = n && *how == ':', set = value && (!colon || *value);

	how += colon;
	n -= colon;
	if (n && !colon && strchr("#%", *how))
		trim(w, value ? value : "", how, n, quoted);
	else if (!n || !strchr("-=?+", *how))
		fail(w, WRDE_SYNTAX);
	else if (*how == '+' ? set : !set && *how == '-')
		use_word(w, how + 1, n - 1, quoted);
	else if (!set && *how == '=')
		assign(w, name, how + 1, n - 1, quoted);
	else if (!set && *how == '?')
		fail(w, WRDE_BADVAL);
	else if (*how != '+')
		put_value(w, value, quoted);
}

static void variable(struct words *w, const char *p, size_t n, bool quoted, const char *how,
		     size_t rest)
{
	char *name = strndup(p, n), number[24];
	const char *value;

	if (!name) {
		fail(w, WRDE_NOSPACE);
		return;
	}
	value = value_of(name);
	if (how && !*how) { /* its length */
		snprintf(number, sizeof(number), "%zu", value ? strlen(value) : 0);
		put_value(w, number, quoted);
	} else if (rest) {
		choose(w, name, how, rest, quoted);
	} else if (value) {
		put_value(w, value, quoted);
	} else if (w->flags & WRDE_UNDEF) {
		fail(w, WRDE_BADVAL);
	}
	free(name);
}

/* Behind "${". */
static const char *braces(struct words *w, const char *p, bool quoted)
{
	const char *end = behind(p, '{', 0);
	bool length = *p == '#' && p[1] != '}';
	size_t n = name_length(p + length), rest;

	if (!end || !n) {
		fail(w, WRDE_SYNTAX);
		return p;
	}
	p += length;
	rest = (size_t)(end - 1 - (p + n));
	if (length && rest)
		fail(w, WRDE_SYNTAX);
	else
		variable(w, p, n, quoted, length ? "" : p + n, rest);
	return end;
}

/* Behind "$". */
static const char *dollar(struct words *w, const char *p, bool quoted)
{
	const char *end;
	size_t n;

	if (*p == '{')
		return braces(w, p + 1, quoted);
	if (*p == '(') {
		end = behind(p + 1, '(', 0);
		if (!end)
			fail(w, WRDE_SYNTAX);
		else if (p[1] == '(' && end[-2] == ')')
			arithmetic(w, p + 2, (size_t)(end - p) - 4, quoted);
		else
			command(w, p + 1, (size_t)(end - p) - 2, quoted);
		return end ? end : p;
	}
	n = name_length(p);
	if (n)
		variable(w, p, n, quoted, NULL, 0);
	else
		put(w, '$', true);
	return p + n;
}

static const char *backquote(struct words *w, const char *p, bool quoted)
{
	const char *end = strchr(p, '`');

	if (!end) {
		fail(w, WRDE_SYNTAX);
		return p;
	}
	command(w, p, (size_t)(end - p), quoted);
	return end + 1;
}

/* Behind a quotation mark: what is in it, and behind the other. */
static const char *quotation(struct words *w, const char *p, char mark)
{
	w->have = true;
	while (*p && *p != mark && !w->error) {
		if (mark == '"' && *p == '$') {
			p = dollar(w, p + 1, true);
		} else if (mark == '"' && *p == '`') {
			p = backquote(w, p + 1, true);
		} else if (mark == '"' && *p == '\\' && p[1] == '\n') {
			p += 2;
		} else {
			p += mark == '"' && *p == '\\' && p[1] && strchr("$`\"\\", p[1]);
			put(w, *p++, true);
		}
	}
	if (!*p)
		fail(w, WRDE_SYNTAX);
	return *p ? p + 1 : p;
}

/* At a "~" that a word begins with: somebody's home. */
static const char *tilde(struct words *w, const char *p)
{
	size_t n = strcspn(p + 1, "/ \t\n\"'\\$`");
	const struct passwd *user;
	const char *home = n ? NULL : getenv("HOME");
	char *name = strndup(p + 1, n);

	if (!home && name) {
		user = n ? getpwnam(name) : getpwuid(getuid());
		home = user ? user->pw_dir : NULL;
	}
	free(name);
	if (home)
		for (const char *h = home; *h; h++)
			put(w, *h, true);
	else
		put(w, '~', true);
	return home ? p + 1 + n : p + 1;
}

/* All of the text; quoted: it stands between two quotation marks. */
static void run(struct words *w, const char *p, bool quoted)
{
	while (*p && !w->error) {
		if (*p == '$')
			p = dollar(w, p + 1, quoted);
		else if (*p == '`')
			p = backquote(w, p + 1, quoted);
		else if (*p == '"' || (*p == '\'' && !quoted))
			p = quotation(w, p + 1, *p);
		else if (*p == '\\' && p[1] == '\n')
			p += 2;
		else if (*p == '\\' && !p[1])
			fail(w, WRDE_SYNTAX);
		else if (*p == '\\')
			put(w, p[1], true), p += 2;
		else if (quoted || w->alone)
			put(w, *p++, quoted);
		else if (*p == ' ' || *p == '\t')
			end_word(w), p++;
		else if (strchr(BAD, *p))
			fail(w, WRDE_BADCHAR);
		else if (*p == '~' && !w->have)
			p = tilde(w, p);
		else
			put(w, *p++, false);
	}
}

/* Behind the words that were there before, and the places that are to stay empty. */
static int append(struct words *w, wordexp_t *result)
{
	size_t empty = w->flags & WRDE_DOOFFS ? result->we_offs : 0;
	size_t before = w->flags & WRDE_APPEND ? result->we_wordc : 0, at = empty + before;
	char **v = w->flags & WRDE_APPEND ? result->we_wordv : NULL;

	v = realloc(v, (at + w->count + 1) * sizeof(*v));
	if (!v)
		return WRDE_NOSPACE;
	for (size_t i = 0; i < empty; i++)
		v[i] = NULL;
	for (size_t i = 0; i < w->count; i++)
		v[at + i] = w->all[i];
	v[at + w->count] = NULL;
	result->we_wordv = v;
	result->we_wordc = before + w->count;
	if (!(w->flags & WRDE_DOOFFS))
		result->we_offs = 0;
	w->count = 0;
	return w->error;
}

int wordexp(const char *restrict text, wordexp_t *restrict result, int flags)
{
	struct words w = {.flags = flags};

	if (flags & WRDE_REUSE)
		wordfree(result);
	run(&w, text, false);
	end_word(&w);
	if (!w.error || w.error == WRDE_NOSPACE)
		w.error = append(&w, result);
	for (size_t i = 0; i < w.count; i++)
		free(w.all[i]);
	free(w.all);
	free(w.word);
	return w.error;
}

void wordfree(wordexp_t *result)
{
	for (size_t i = 0; result->we_wordv && i < result->we_wordc; i++)
		free(result->we_wordv[result->we_offs + i]);
	free(result->we_wordv);
	result->we_wordv = NULL;
	result->we_wordc = 0;
}
