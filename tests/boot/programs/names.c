/* names.c - a program with names of its own that the C standard leaves to it, though POSIX has
 * them. SPDX-License-Identifier: BSD-2-Clause
 *
 * The library inside must go on using its own.
 */
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern int called, optind, opterr;
extern char *optarg;
extern long timezone;
int read(int), write(int), open(int);

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int main(void)
{
	int (*const own[])(int) = {read, write, open};
	int numbers[] = {5, 3, 9, 1};
	char line[40], *p = malloc(100000);
	time_t t = 86400 * 365;
	FILE *f;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%d %s %g\n", 42, "text", pow(2, 0.5));
	qsort(numbers, 4, sizeof(int), compare);
	printf("%d %d\n", numbers[0], numbers[3]);
	f = tmpfile();
	if (f) {
		fprintf(f, "first\nsecond %d\n", 2);
		rewind(f);
		while (fgets(line, sizeof(line), f))
			fputs(line, stdout);
		fclose(f);
	}
	memset(p, 1, 100000);
	p = realloc(p, 200000);
	free(p);
	strftime(line, sizeof(line), "%Y-%m-%d", gmtime(&t));
	puts(line);
	printf("%s\n", setlocale(LC_ALL, "C"));
	srand(1);
	printf("%d %d\n", rand() >= 0, clock() != (clock_t)-1 && time(NULL) != (time_t)-1);
	if (called || optind != 77 || opterr != 78 || timezone != 99 || strcmp(optarg, "mine"))
		printf("called %d times\n", called);
	printf("%d\n", own[0](1) + own[1](2) + own[2](4) + called);
	exit(7);
}
