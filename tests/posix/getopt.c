/* getopt.c - options: order, abbreviations and complaints.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int flag;
static const struct option options[] = {
	{"verbose", no_argument, NULL, 'v'},
	{"output", required_argument, NULL, 'o'},
	{"color", optional_argument, NULL, 'c'},
	{"flag", no_argument, &flag, 7},
	{"verify", no_argument, NULL, 'V'},
	{"out", required_argument, NULL, 'u'},
	{"no-argument", no_argument, NULL, 300},
	{"same-a", 0, NULL, 's'},
	{"same-b", 0, NULL, 's'},
	{NULL, 0, NULL, 0},
};

static void run(const char *name, const char *shorts, int kind, const char *line)
{
	char text[200], *argv[30] = {(char *)name}, *save;
	int argc = 1, c, index = -1;

	strcpy(text, line);
	for (char *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(p, "''") ? p : "";
	argv[argc] = NULL;
	printf("%s [%s] %s\n", name, shorts, line);
	optind = 0;
	flag = 0;
	for (;;) {
		c = kind == 0   ? getopt(argc, argv, shorts)
		    : kind == 1 ? getopt_long(argc, argv, shorts, options, &index)
				: getopt_long_only(argc, argv, shorts, options, &index);
		printf("  %d '%c' optarg %s optind %d index %d", c, c > 32 && c < 127 ? c : '.',
		       optarg ? optarg : "(none)", optind, index);
		if (c == '?' || c == ':')
			printf(" optopt %d", optopt);
		printf("\n");
		if (c == -1)
			break;
	}
	printf("  rest:");
	for (int i = optind; i < argc; i++)
		printf(" %s", argv[i]);
	printf(" flag %d\n", flag);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	dup2(1, 2);
	printf("%d %d %d\n", optind, opterr, optopt);
	run("prog", "ab:c::", 0, "-a -b x -c -cy file -b");
	run("prog", "ab:c::", 0, "one -a two -bvalue three -- -a four");
	run("prog", "+ab:", 0, "-a one -b two");
	run("prog", "-ab:", 0, "-a one -b two three");
	run("prog", ":ab:", 0, "-x -b");
	run("/bin/prog", "ab:", 0, "-xyz -ab -b");
	run("prog", "ab", 0, "- -a -- - b");
	run("prog", "a:b", 0, "-ab -a -- -b '' -a ''");
	run("prog", "a;b", 0, "-; -: -a");
	run("prog", "vo:c::", 1, "--verbose --output=x --output y z --color --color=red --flag");
	run("prog", "vo:c::", 1, "a --verb b --o c --out d --ver e");
	run("prog", "vo:c::", 1, "--unknown --unknown=3 --verbose=3 --output");
	run("prog", ":vo:c::", 1, "--unknown --ver --verbose=3 --output");
	run("prog", "+vo:", 1, "file --verbose");
	run("prog", "-vo:", 1, "file --verbose more -- -v last");
	run("prog", "v", 1, "--same --no --no-a -vx --col=1 --colo");
	run("prog", "vo:", 2, "-verbose -output x -ver -vo y -unknown -v -o --out=1 -c");
	run("prog", "vo:", 2, "-color=3 -col -x -same");
	setenv("POSIXLY_CORRECT", "1", 1);
	run("prog", "vo:", 1, "-v file -o x");
	unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	run("prog", "vo:", 1, "-x --bad -o");
	opterr = 1;
	{
		char *const o[] = {"ro", "rw", "size", NULL};
		char text[] = "ro,size=12,other=x,rw,,size", *p = text, *v;

		while (*p) {
			int r = getsubopt(&p, o, &v);

			printf("%d %s\n", r, v ? v : "(none)");
		}
	}
	return 0;
}
