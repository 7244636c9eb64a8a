/* nomem.c - each allocation fails in turn: the library returns an error, it does not crash.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The program has a malloc of its own, whose n-th call fails, for all n until a scenario
 * needs no more.
 *
 * RUN: printf
 * RUN: asprintf
 * RUN: getline
 * RUN: memstream
 * RUN: fopen
 * RUN: regcomp
 * RUN: opendir
 * RUN: glob
 * RUN: qsort
 * RUN: strdup
 * RUN: locale
 * RUN: search
 * RUN: time
 * RUN: popular
 * RUN: float
 * RUN: setenv
 * RUN: scanf
 * RUN: wide
 */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <locale.h>
#include <regex.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define POOL ((size_t)64 << 20)

static char pool[POOL] __attribute__((aligned(16)));
static size_t used;
static long left = -1; /* allocations until one fails; -1: none will */
static int failed;

static void *get(size_t n)
{
	size_t *p = (size_t *)(pool + used);

	if (left == 0) {
		failed++;
		errno = ENOMEM;
		return NULL;
	}
	if (left > 0)
		left--;
	n = (n + 31) & ~(size_t)15;
	if (n > POOL - used) {
		errno = ENOMEM;
		return NULL;
	}
	used += n;
	p[1] = n - 16;
	return p + 2;
}

void *malloc(size_t n)
{
	return get(n);
}

void free(void *p)
{
	(void)p;
}

void *calloc(size_t n, size_t size)
{
	void *p = n && size > SIZE_MAX / n ? NULL : get(n * size);

	return p ? memset(p, 0, n * size) : NULL;
}

void *realloc(void *p, size_t n)
{
	void *q = get(n);
	size_t old = p ? ((size_t *)p)[-1] : 0;

	return q && p ? memcpy(q, p, old < n ? old : n) : q;
}

/* Each returns 0 for success, and something else for an error it was told of. */

static int s_printf(void)
{
	char b[100];

	return snprintf(b, sizeof(b), "%d %s %#x %lld", 1, "two", 3, 4ll) < 0 ||
	       strcmp(b, "1 two 0x3 4");
}

static int s_float(void)
{
	char b[400];

	return snprintf(b, sizeof(b), "%.3f %g %.30e %a %Lg", 3.14159, 1e300, 1.0 / 3, 0.5, 2.5L) <
	       0;
}

static int s_asprintf(void)
{
	char *p = NULL;
	int n = asprintf(&p, "%s %0300d", "text", 7);

	return n != 305 || strlen(p) != 305;
}

static int s_getline(void)
{
	char *line = NULL;
	size_t room = 0;
	FILE *f = fopen("text", "r");
	int bad = !f;

	if (f) {
		bad = getline(&line, &room, f) < 0;
		fclose(f);
	}
	return bad;
}

static int s_memstream(void)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);
	int bad = 0;

	if (!f)
		return 1;
	for (int i = 0; i < 300; i++)
		bad |= fputs("a line of text\n", f) < 0;
	bad |= fclose(f) != 0;
	return bad || n != 300 * 15;
}

static int s_fopen(void)
{
	char b[10];
	FILE *f = fopen("text", "r"), *g = fopen("text", "r");
	int bad = !f || !g || fread(b, 1, 5, f) != 5 || fread(b, 1, 5, g) != 5;

	if (f)
		fclose(f);
	if (g)
		fclose(g);
	return bad;
}

static int s_setenv(void)
{
	char name[20];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "NAME%d", i);
		if (setenv(name, "a value of some length", 1) < 0)
			return 1;
	}
	return !getenv("NAME19") || strcmp(getenv("NAME19"), "a value of some length");
}

static int s_regcomp(void)
{
	regex_t r;
	regmatch_t m[3];
	int bad = regcomp(&r, "^(a+|b*)[c-f]{2,3}(x|y)?$", REG_EXTENDED);

	if (bad)
		return 1;
	bad = regexec(&r, "aaacdx", 3, m, 0);
	regfree(&r);
	return bad;
}

static int s_opendir(void)
{
	DIR *d = opendir("dir");
	int n = 0;

	if (!d)
		return 1;
	while (readdir(d))
		n++;
	closedir(d);
	return n < 3;
}

static int s_glob(void)
{
	glob_t g;
	int bad = glob("d*/*", 0, NULL, &g);

	if (!bad)
		globfree(&g);
	return bad;
}

static int before(const void *a, const void *b)
{
	return memcmp(a, b, 4);
}

static int s_qsort(void)
{
	static char table[3000][40];

	for (int i = 0; i < 3000; i++)
		snprintf(table[i], 40, "%04d", (i * 7919) % 3000);
	qsort(table, 3000, 40, before);
	return strcmp(table[1500], "1500");
}

static int s_strdup(void)
{
	char *a = strdup("abc"), *b = strndup("abcdef", 3);

	return !a || !b || strcmp(a, b);
}

static int s_scanf(void)
{
	char *word = NULL;
	double d = 0;

	return sscanf("hello 2.5e10", "%ms %lf", &word, &d) != 2 || strcmp(word, "hello") ||
	       strtod("1.7976931348623157e308", NULL) < 1e308;
}

static int s_wide(void)
{
	wchar_t b[100];
	FILE *f = tmpfile();
	int bad = !f || fwprintf(f, L"%ls %d", L"wide", 5) < 0;

	if (f)
		fclose(f);
	return bad || swprintf(b, 100, L"%s %f", "x", 1.5) < 0;
}

static int s_locale(void)
{
	locale_t l = newlocale(LC_ALL_MASK, "C", NULL);

	if (!l)
		return 1;
	freelocale(l);
	return !setlocale(LC_ALL, "C");
}

static int s_search(void)
{
	void *root = NULL;

	if (!tsearch("a", &root, (int (*)(const void *, const void *))strcmp) ||
	    !tsearch("b", &root, (int (*)(const void *, const void *))strcmp))
		return 1;
	if (!hcreate(10))
		return 1;
	hdestroy();
	return 0;
}

static int s_time(void)
{
	time_t t = 1000000000;
	struct tm *tm = localtime(&t);
	char b[50];

	return !tm || !strftime(b, sizeof(b), "%c", tm) || mktime(tm) != t;
}

static int s_popular(void)
{
	char *cwd = getcwd(NULL, 0);
	FILE *f = fmemopen(NULL, 100, "w+");
	int bad = !cwd || !f || fputs("x", f) < 0;

	if (f)
		fclose(f);
	return bad;
}

static const struct {
	const char *name;
	int (*run)(void);
} scenario[] = {
	{"printf", s_printf},   {"float", s_float},         {"asprintf", s_asprintf},
	{"getline", s_getline}, {"memstream", s_memstream}, {"fopen", s_fopen},
	{"setenv", s_setenv},   {"regcomp", s_regcomp},     {"opendir", s_opendir},
	{"glob", s_glob},       {"qsort", s_qsort},         {"strdup", s_strdup},
	{"scanf", s_scanf},     {"wide", s_wide},           {"locale", s_locale},
	{"search", s_search},   {"time", s_time},           {"popular", s_popular},
};

int main(int argc, char **argv)
{
	int (*run)(void) = NULL;

	for (size_t i = 0; argc > 1 && i < sizeof(scenario) / sizeof(scenario[0]); i++)
		if (strcmp(argv[1], scenario[i].name) == 0)
			run = scenario[i].run;
	if (!run)
		return 2;
	for (long n = 0; n < 2000; n++) {
		int bad;

		left = n;
		failed = 0;
		bad = run();
		left = -1;
		if (!failed) {
			printf("%s\n", bad ? "fails although nothing failed" : "done");
			return bad;
		}
	}
	printf("never ends\n");
	return 1;
}
