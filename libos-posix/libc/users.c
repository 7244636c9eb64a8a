/* users.c - users and groups, from /etc/passwd and /etc/group; without them there is root.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One reader serves both files: a line is cut at its colons, in the caller's buffer.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS 7
#define ROOM   1024

struct file {
	const char *path, *fallback;
	FILE *open;
	bool ended;
	char *buffer;
	size_t room;
};

static struct file passwd = {.path = "/etc/passwd", .fallback = "root:x:0:0:root:/root:/bin/sh"};
static struct file group = {.path = "/etc/group", .fallback = "root:x:0:"};
static struct passwd the_user;
static struct group the_group;

/* The next whole line without its end: 0, ENOENT at the end, ERANGE if it does not fit. */
static int read_line(struct file *f, char *buffer, size_t n)
{
	int c = EOF;
	size_t at = 0;

	if (!f->open && !f->ended)
		f->open = fopen(f->path, "re");
	if (!f->open) {
		if (f->ended)
			return ENOENT;
		f->ended = true;
		if (strlen(f->fallback) >= n)
			return ERANGE;
		strcpy(buffer, f->fallback);
		return 0;
	}
	while ((c = getc(f->open)) != EOF && c != '\n') {
		if (at + 1 >= n)
			return ERANGE;
		buffer[at++] = (char)c;
	}
	if (n)
		buffer[at] = '\0';
	return c == EOF && at == 0 ? ENOENT : 0;
}

static int cut(char *line, char **field, int most)
{
	int n = 0;

	while (n < most) {
		field[n++] = line;
		line += strcspn(line, ":");
		if (!*line)
			break;
		*line++ = '\0';
	}
	return n;
}

static bool number(const char *text, unsigned int *value)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	*value = (unsigned int)v;
	return *text && !*end && v <= ~0u;
}

static bool parse_user(char *line, struct passwd *u)
{
	char *f[FIELDS];

	if (cut(line, f, FIELDS) != FIELDS || !number(f[2], &u->pw_uid) ||
	    !number(f[3], &u->pw_gid))
		return false;
	u->pw_name = f[0];
	u->pw_passwd = f[1];
	u->pw_gecos = f[4];
	u->pw_dir = f[5];
	u->pw_shell = f[6];
	return true;
}

/* The list of members lies behind the line. */
static int parse_group(char *line, struct group *g, char *end)
{
	char *f[4], *s = line + strlen(line) + 1, **list;
	int n = 0, most;

	list = (char **)(((unsigned long)s + sizeof(char *) - 1) & -sizeof(char *));
	most = (int)((end - (char *)list) / (long)sizeof(char *));
	if (cut(line, f, 4) != 4 || !number(f[2], &g->gr_gid))
		return ENOENT;
	for (s = f[3]; *s;) {
		if (n + 1 >= most)
			return ERANGE;
		list[n++] = s;
		s += strcspn(s, ",");
		if (*s)
			*s++ = '\0';
	}
	if (most < 1)
		return ERANGE;
	list[n] = NULL;
	g->gr_name = f[0];
	g->gr_passwd = f[1];
	g->gr_mem = list;
	return 0;
}

static void rewind_file(struct file *f)
{
	if (f->open)
		fclose(f->open);
	f->open = NULL;
	f->ended = false;
}

static int next_user(struct file *f, struct passwd *u, char *buffer, size_t n)
{
	int r;

	while ((r = read_line(f, buffer, n)) == 0)
		if (parse_user(buffer, u))
			return 0;
	return r;
}

static int next_group(struct file *f, struct group *g, char *buffer, size_t n)
{
	int r;

	while ((r = read_line(f, buffer, n)) == 0) {
		r = parse_group(buffer, g, buffer + n);
		if (r != ENOENT)
			return r;
	}
	return r;
}

static int find_user(const char *name, uid_t id, struct passwd *u, char *buffer, size_t n,
		     struct passwd **result)
{
	struct file f = {.path = passwd.path, .fallback = passwd.fallback};
	int r, before = errno;

	*result = NULL;
	while ((r = next_user(&f, u, buffer, n)) == 0)
		if (name ? !strcmp(u->pw_name, name) : u->pw_uid == id) {
			*result = u;
			break;
		}
	rewind_file(&f);
	errno = before;
	return r == ENOENT ? 0 : r;
}

static int find_group(const char *name, gid_t id, struct group *g, char *buffer, size_t n,
		      struct group **result)
{
	struct file f = {.path = group.path, .fallback = group.fallback};
	int r, before = errno;

	*result = NULL;
	while ((r = next_group(&f, g, buffer, n)) == 0)
		if (name ? !strcmp(g->gr_name, name) : g->gr_gid == id) {
			*result = g;
			break;
		}
	rewind_file(&f);
	errno = before;
	return r == ENOENT ? 0 : r;
}

/* A longer buffer for the functions that have one of their own. */
static bool grow(struct file *f)
{
	size_t n = f->room ? f->room * 2 : ROOM;
	char *p = realloc(f->buffer, n);

	if (!p)
		return false;
	f->buffer = p;
	f->room = n;
	return true;
}

int getpwnam_r(const char *name, struct passwd *u, char *buffer, size_t n, struct passwd **result)
{
	return find_user(name, 0, u, buffer, n, result);
}

int getpwuid_r(uid_t id, struct passwd *u, char *buffer, size_t n, struct passwd **result)
{
	return find_user(NULL, id, u, buffer, n, result);
}

int getgrnam_r(const char *name, struct group *g, char *buffer, size_t n, struct group **result)
{
	return find_group(name, 0, g, buffer, n, result);
}

int getgrgid_r(gid_t id, struct group *g, char *buffer, size_t n, struct group **result)
{
	return find_group(NULL, id, g, buffer, n, result);
}

static struct passwd *user(const char *name, uid_t id)
{
	struct passwd *r = NULL;

	while ((passwd.room || grow(&passwd)) &&
	       find_user(name, id, &the_user, passwd.buffer, passwd.room, &r) == ERANGE)
		if (!grow(&passwd))
			break;
	return r;
}

static struct group *the_one(const char *name, gid_t id)
{
	struct group *r = NULL;

	while ((group.room || grow(&group)) &&
	       find_group(name, id, &the_group, group.buffer, group.room, &r) == ERANGE)
		if (!grow(&group))
			break;
	return r;
}

struct passwd *getpwnam(const char *name)
{
	return user(name, 0);
}

struct passwd *getpwuid(uid_t id)
{
	return user(NULL, id);
}

struct group *getgrnam(const char *name)
{
	return the_one(name, 0);
}

struct group *getgrgid(gid_t id)
{
	return the_one(NULL, id);
}

void setpwent(void)
{
	rewind_file(&passwd);
}

void endpwent(void)
{
	rewind_file(&passwd);
}

struct passwd *getpwent(void)
{
	if (!passwd.room && !grow(&passwd))
		return NULL;
	return next_user(&passwd, &the_user, passwd.buffer, passwd.room) ? NULL : &the_user;
}

void setgrent(void)
{
	rewind_file(&group);
}

void endgrent(void)
{
	rewind_file(&group);
}

struct group *getgrent(void)
{
	if (!group.room && !grow(&group))
		return NULL;
	return next_group(&group, &the_group, group.buffer, group.room) ? NULL : &the_group;
}

/* The groups whose list names the user, after the one that the user's own line names. */
int getgrouplist(const char *name, gid_t first, gid_t *list, int *n)
{
	int most = *n, found = 0;
	struct group *g;

	if (found++ < most)
		list[0] = first;
	setgrent();
	while ((g = getgrent()) != NULL)
		for (char **m = g->gr_mem; *m; m++)
			if (!strcmp(*m, name) && g->gr_gid != first) {
				if (found < most)
					list[found] = g->gr_gid;
				found++;
				break;
			}
	endgrent();
	*n = found;
	return found > most ? -1 : found;
}
