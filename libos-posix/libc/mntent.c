/* mntent.c - lines of a table of mounted file systems, read and written.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A blank inside a field is written as backslash and three octal digits.
 */
#include <mntent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

FILE *setmntent(const char *name, const char *mode)
{
	return fopen(name, mode);
}

int endmntent(FILE *f)
{
	if (f)
		fclose(f);
	return 1;
}

static bool octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

/* The next field of a line, decoded where it stands; "" if there is none. */
static char *field(char **rest)
{
	char *from, *to, *start;

	start = *rest ? strsep(rest, " \t") : "";
	while (!*start && *rest)
		start = strsep(rest, " \t");
	for (from = to = start; *from; to++) {
		if (*from == '\\' && octal(from + 1)) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			if (to != from)
				*to = *from;
			from++;
		}
	}
	if (to != from)
		*to = '\0';
	return start;
}

/* The next line that says something, without its end; one that is too long is cut. */
static char *next(FILE *f, char *line, int len)
{
	char *start, *end;

	do {
		if (!fgets(line, len, f))
			return NULL;
		end = strchr(line, '\n');
		for (int c = 0; !end && c != EOF && c != '\n';)
			c = getc(f);
		if (end)
			*end = '\0';
		start = line + strspn(line, " \t");
	} while (!*start || *start == '#');
	return start;
}

struct mntent *getmntent_r(FILE *f, struct mntent *entry, char *line, int len)
{
	char *rest = next(f, line, len);

	if (!rest)
		return NULL;
	entry->mnt_fsname = field(&rest);
	entry->mnt_dir = field(&rest);
	entry->mnt_type = field(&rest);
	entry->mnt_opts = field(&rest);
	entry->mnt_freq = atoi(field(&rest));
	entry->mnt_passno = atoi(field(&rest));
	return entry;
}

struct mntent *getmntent(FILE *f)
{
	static struct mntent entry;
	static char *line;

	if (!line)
		line = malloc(4096);
	return line ? getmntent_r(f, &entry, line, 4096) : NULL;
}

static void put(FILE *f, const char *text, char end)
{
	for (; *text; text++) {
		if (strchr(" \t\n\\", *text))
			fprintf(f, "\\%03o", (unsigned int)*text);
		else
			putc(*text, f);
	}
	putc(end, f);
}

int addmntent(FILE *f, const struct mntent *entry)
{
	if (fseek(f, 0, SEEK_END))
		return 1;
	put(f, entry->mnt_fsname, ' ');
	put(f, entry->mnt_dir, ' ');
	put(f, entry->mnt_type, ' ');
	put(f, entry->mnt_opts, ' ');
	return fprintf(f, "%d %d\n", entry->mnt_freq, entry->mnt_passno) < 0 || fflush(f);
}

/* An option stands between commas; it may have a value. */
char *hasmntopt(const struct mntent *entry, const char *option)
{
	size_t n = strlen(option);
	char *at = entry->mnt_opts;

	while ((at = strstr(at, option))) {
		if ((at == entry->mnt_opts || at[-1] == ',') && strchr(",=", at[n]))
			return at; /* or at the end */
		at += n;
	}
	return NULL;
}
