/* getopt.c - options of a command line, with the order and the words of Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Arguments that are no options are moved behind those that are, unless the program or
 * POSIXLY_CORRECT wants them left where they stand: [first, last) are those passed by so far.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int optind = 1, opterr = 1, optopt = '?', optreset;
char *optarg;

static enum { PERMUTE, STOP, REPORT } ordering;
static char *next;
static int first, last;
static bool begun;

struct call {
	int argc;
	char **argv;
	const char *shorts;
	const struct option *longs;
	int *index;
	bool only;   /* one dash may begin a long option */
	bool silent; /* errors are the program's to report */
};

static void say(const struct call *c, const char *format, ...)
{
	va_list args;

	if (c->silent)
		return;
	va_start(args, format);
	fprintf(stderr, "%s: ", c->argv[0]);
	vfprintf(stderr, format, args);
	va_end(args);
}

/* The options from `last` to optind change places with what was passed by. */
static void exchange(char **argv)
{
	for (int i = last; i < optind; i++) {
		char *option = argv[i];

		memmove(&argv[first + 1], &argv[first], (size_t)(i - first) * sizeof(char *));
		argv[first++] = option;
	}
	last = optind;
}

static void begin(struct call *c)
{
	if (optind == 0 || optreset || !begun) {
		optreset = 0;
		if (optind == 0)
			optind = 1;
		first = last = optind;
		next = NULL;
		begun = true;
		ordering = *c->shorts == '-'                                        ? REPORT
			   : *c->shorts == '+' || getenv("POSIXLY_CORRECT") != NULL ? STOP
										    : PERMUTE;
	}
	if (*c->shorts == '-' || *c->shorts == '+')
		c->shorts++;
	c->silent = !opterr || *c->shorts == ':';
}

static int missing(const struct call *c)
{
	return *c->shorts == ':' ? ':' : '?';
}

static bool same(const struct option *a, const struct option *b)
{
	return a->has_arg == b->has_arg && a->flag == b->flag && a->val == b->val;
}

static int ambiguous(const struct call *c, const char *dashes, size_t n)
{
	say(c, "option '%s%s' is ambiguous; possibilities:", dashes, next);
	for (const struct option *o = c->longs; o->name && !c->silent; o++)
		if (!strncmp(o->name, next, n))
			fprintf(stderr, " '%s%s'", dashes, o->name);
	if (!c->silent)
		fputc('\n', stderr);
	next += strlen(next);
	optind++;
	optopt = 0;
	return '?';
}

/* The option that `next` names, by its beginning if that is enough.  *many: it is not. */
static const struct option *find(const struct call *c, size_t n, bool *many)
{
	const struct option *found = NULL;

	for (const struct option *o = c->longs; o->name; o++)
		if (!strncmp(o->name, next, n) && strlen(o->name) == n)
			return *many = false, o;
	for (const struct option *o = c->longs; o->name; o++) {
		if (strncmp(o->name, next, n))
			continue;
		if (!found)
			found = o;
		else if (c->only || !same(found, o))
			*many = true;
	}
	return found;
}

static int take_long(struct call *c, const char *dashes)
{
	size_t n = strcspn(next, "=");
	const char *end = next + n;
	bool many = false;
	const struct option *o = find(c, n, &many);

	if (many)
		return ambiguous(c, dashes, n);
	if (!o) {
		if (c->only && c->argv[optind][1] != '-' && strchr(c->shorts, *next))
			return -1;
		say(c, "unrecognized option '%s%s'\n", dashes, next);
		next = NULL;
		optind++;
		optopt = 0;
		return '?';
	}
	optind++;
	next = NULL;
	if (*end) {
		if (!o->has_arg) {
			say(c, "option '%s%s' doesn't allow an argument\n", dashes, o->name);
			optopt = o->val;
			return '?';
		}
		optarg = (char *)end + 1;
	} else if (o->has_arg == required_argument) {
		if (optind >= c->argc) {
			say(c, "option '%s%s' requires an argument\n", dashes, o->name);
			optopt = o->val;
			return missing(c);
		}
		optarg = c->argv[optind++];
	}
	if (c->index)
		*c->index = (int)(o - c->longs);
	if (!o->flag)
		return o->val;
	*o->flag = o->val;
	return 0;
}

static int take_short(const struct call *c)
{
	char letter = *next++;
	const char *known = strchr(c->shorts, letter);

	if (!*next)
		optind++;
	if (!known || letter == ':' || letter == ';') {
		say(c, "invalid option -- '%c'\n", letter);
		optopt = letter;
		return '?';
	}
	if (known[1] != ':')
		return letter;
	if (*next) {
		optarg = next;
		optind++;
	} else if (known[2] != ':') {
		if (optind == c->argc) {
			say(c, "option requires an argument -- '%c'\n", letter);
			optopt = letter;
			letter = (char)missing(c);
		} else {
			optarg = c->argv[optind++];
		}
	}
	next = NULL;
	return letter;
}

static bool is_option(const char *s)
{
	return s[0] == '-' && s[1];
}

/* On to the next argument that is an option; false: *result is what to return. */
static bool advance(const struct call *c, int *result)
{
	if (last > optind)
		last = optind;
	if (first > optind)
		first = optind;
	if (ordering == PERMUTE) {
		if (first != last && last != optind)
			exchange(c->argv);
		else if (last != optind)
			first = optind;
		while (optind < c->argc && !is_option(c->argv[optind]))
			optind++;
		last = optind;
	}
	if (optind != c->argc && !strcmp(c->argv[optind], "--")) {
		optind++;
		if (first != last && last != optind)
			exchange(c->argv);
		else if (first == last)
			first = optind;
		last = optind = c->argc;
	}
	*result = -1;
	if (optind == c->argc) {
		if (first != last)
			optind = first;
		return false;
	}
	if (is_option(c->argv[optind]))
		return true;
	if (ordering == STOP)
		return false;
	optarg = c->argv[optind++];
	*result = 1;
	return false;
}

static int get(struct call c)
{
	int r;

	if (c.argc < 1)
		return -1;
	optarg = NULL;
	begin(&c);
	if (!next || !*next) {
		char *argument;

		if (!advance(&c, &r))
			return r;
		argument = c.argv[optind];
		next = argument + 1;
		if (c.longs && argument[1] == '-') {
			next++;
			return take_long(&c, "--");
		}
		if (c.longs && c.only && (argument[2] || !strchr(c.shorts, argument[1]))) {
			r = take_long(&c, "-");
			if (r != -1)
				return r;
		}
	}
	return take_short(&c);
}

int getopt(int argc, char *const argv[], const char *shorts)
{
	return get((struct call){argc, (char **)argv, shorts, NULL, NULL, false, false});
}

int getopt_long(int argc, char *const *argv, const char *shorts, const struct option *longs,
		int *index)
{
	return get((struct call){argc, (char **)argv, shorts, longs, index, false, false});
}

int getopt_long_only(int argc, char *const *argv, const char *shorts, const struct option *longs,
		     int *index)
{
	return get((struct call){argc, (char **)argv, shorts, longs, index, true, false});
}
