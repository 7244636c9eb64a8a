/* words.c - counts lines, words and bytes of files, and shows the words that occur most.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/words/words.c --rootfs apps/words/root --arg harbour.txt --run
 *
 * Without a file it reads standard input, like wc.  The root directory of an image is a directory
 * of the host, packed: --rootfs.
 *
 * RUN: -t 5 harbour.txt
 * RUN: harbour.txt nosuch.txt
 * RUN: -t 3 < root/harbour.txt
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct word {
	struct word *next;
	long count;
	char text[];
};

enum { BUCKETS = 4096 };
static struct word *table[BUCKETS];
static size_t distinct;

static void remember(const char *text, size_t n)
{
	unsigned long hash = 5381;
	struct word *w;

	for (size_t i = 0; i < n; i++)
		hash = hash * 33 + (unsigned char)text[i];
	for (w = table[hash % BUCKETS]; w; w = w->next)
		if (strlen(w->text) == n && memcmp(w->text, text, n) == 0)
			break;
	if (!w) {
		w = calloc(1, sizeof(*w) + n + 1);
		if (!w) {
			perror("words");
			exit(1);
		}
		memcpy(w->text, text, n);
		w->next = table[hash % BUCKETS];
		table[hash % BUCKETS] = w;
		distinct++;
	}
	w->count++;
}

static void count(FILE *f, const char *name)
{
	long lines = 0, words = 0, bytes = 0;
	char word[64];
	size_t n = 0;
	int ch, space = 1;

	while ((ch = getc(f)) != EOF) {
		bytes++;
		lines += ch == '\n';
		words += space && !isspace(ch);
		space = isspace(ch);
		if (isalpha(ch) && n < sizeof(word)) {
			word[n++] = (char)tolower(ch);
		} else if (!isalpha(ch) && n > 0) {
			remember(word, n);
			n = 0;
		}
	}
	if (n > 0)
		remember(word, n);
	printf("%7ld %7ld %7ld %s\n", lines, words, bytes, name);
}

static int by_count(const void *a, const void *b)
{
	const struct word *x = *(struct word *const *)a, *y = *(struct word *const *)b;

	return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

static void show_most(size_t most)
{
	struct word **all = calloc(distinct + 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; all && i < BUCKETS; i++)
		for (struct word *w = table[i]; w; w = w->next)
			all[n++] = w;
	qsort(all, n, sizeof(*all), by_count);
	for (size_t i = 0; i < n && i < most; i++)
		printf("%7ld  %s\n", all[i]->count, all[i]->text);
	free(all);
}

int main(int argc, char **argv)
{
	size_t most = 0;
	int option, status = 0;

	while ((option = getopt(argc, argv, "t:")) != -1) {
		if (option != 't')
			return 2;
		most = strtoul(optarg, NULL, 10);
	}
	do {
		const char *name = optind < argc ? argv[optind] : "-";
		FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");

		if (!f) {
			perror(name);
			status = 1;
			continue;
		}
		count(f, name);
		fclose(f);
	} while (++optind < argc);
	show_most(most);
	return status;
}
