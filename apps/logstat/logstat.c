/* logstat.c - what a web server's log says: requests by status and hour, the pages asked for most.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/logstat/logstat.c --rootfs apps/logstat/root --arg access.log --run
 *
 * Lines are taken apart by a regular expression (<regex.h>), dates by strptime.
 *
 * RUN: access.log
 */
#define _GNU_SOURCE
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const pattern = "^([0-9.]+) [^ ]+ [^ ]+ \\[([^]]+)\\] \"([A-Z]+) ([^ "
				   "?\"]+)[^\"]*\" ([1-5][0-9]{2}) ([0-9]+|-)";
enum { HOST = 1, DATE, METHOD, PAGE, STATUS, BYTES, PARTS };

struct page {
	char *name;
	int hits;
	long bytes;
};

static struct page *pages;
static size_t n_pages;
static int by_status[6], by_hour[24], unreadable;
static time_t first, last;

static struct page *page_of(const char *name)
{
	for (size_t i = 0; i < n_pages; i++)
		if (strcmp(pages[i].name, name) == 0)
			return &pages[i];
	pages = realloc(pages, (n_pages + 1) * sizeof(*pages));
	pages[n_pages] = (struct page){.name = strdup(name)};
	return &pages[n_pages++];
}

static void take(char *line, const regmatch_t *m)
{
	struct tm tm = {0};
	struct page *page;
	time_t t;

	for (int i = 1; i < PARTS; i++)
		line[m[i].rm_eo] = 0;
	if (!strptime(line + m[DATE].rm_so, "%d/%b/%Y:%H:%M:%S", &tm)) {
		unreadable++;
		return;
	}
	t = timegm(&tm);
	first = !first || t < first ? t : first;
	last = t > last ? t : last;
	by_hour[tm.tm_hour]++;
	by_status[line[m[STATUS].rm_so] - '0']++;
	page = page_of(line + m[PAGE].rm_so);
	page->hits++;
	page->bytes += atol(line + m[BYTES].rm_so);
}

static int by_hits(const void *a, const void *b)
{
	const struct page *x = a, *y = b;

	return x->hits != y->hits ? y->hits - x->hits : strcmp(x->name, y->name);
}

static void report(void)
{
	char from[32], to[32];

	strftime(from, sizeof(from), "%a %d %b %Y %H:%M", gmtime(&first));
	strftime(to, sizeof(to), "%a %d %b %Y %H:%M", gmtime(&last));
	printf("from %s to %s, %.1f hours\n", from, to, difftime(last, first) / 3600);
	for (int i = 1; i < 6; i++)
		if (by_status[i])
			printf("%dxx %4d\n", i, by_status[i]);
	for (int h = 0; h < 24; h++)
		if (by_hour[h])
			printf("%02d:00 %.*s\n", h, by_hour[h],
			       "########################################");
	qsort(pages, n_pages, sizeof(*pages), by_hits);
	for (size_t i = 0; i < n_pages && i < 5; i++)
		printf("%4d %8ld  %s\n", pages[i].hits, pages[i].bytes, pages[i].name);
	printf("%zu pages, %d lines not understood\n", n_pages, unreadable);
}

int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "r") : stdin;
	regmatch_t match[PARTS];
	regex_t regex;
	char *line = NULL;
	size_t size = 0;

	if (!f || regcomp(&regex, pattern, REG_EXTENDED) != 0) {
		perror(argv[1]);
		return 1;
	}
	while (getline(&line, &size, f) > 0)
		if (regexec(&regex, line, PARTS, match, 0) == 0)
			take(line, match);
		else
			unreadable++;
	report();
	return 0;
}
