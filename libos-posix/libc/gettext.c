/* gettext.c - messages in other languages: there are no catalogues, the messages stay as they are.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <libintl.h>
#include <nl_types.h>
#include <stdlib.h>
#include <string.h>

static char *domain;

char *dcgettext(const char *d, const char *text, int category)
{
	(void)d;
	(void)category;
	return (char *)text;
}

char *dcngettext(const char *d, const char *one, const char *many, unsigned long n, int category)
{
	(void)d;
	(void)category;
	return (char *)(n == 1 ? one : many);
}

char *gettext(const char *text)
{
	return (char *)text;
}

char *dgettext(const char *d, const char *text)
{
	return dcgettext(d, text, 0);
}

char *ngettext(const char *one, const char *many, unsigned long n)
{
	return dcngettext(NULL, one, many, n, 0);
}

char *dngettext(const char *d, const char *one, const char *many, unsigned long n)
{
	return dcngettext(d, one, many, n, 0);
}

char *textdomain(const char *name)
{
	static char standard[] = "messages";

	if (name) {
		char *copy = *name ? strdup(name) : NULL;

		if (*name && !copy)
			return NULL;
		free(domain);
		domain = copy;
	}
	return domain ? domain : standard;
}

char *bindtextdomain(const char *name, const char *directory)
{
	static char standard[] = "/usr/share/locale";

	if (!name || !*name)
		return NULL;
	return directory ? (char *)directory : standard;
}

char *bind_textdomain_codeset(const char *name, const char *codeset)
{
	return name && *name ? (char *)codeset : NULL;
}

nl_catd catopen(const char *name, int flags)
{
	(void)name;
	(void)flags;
	errno = ENOENT;
	return (nl_catd)-1;
}

char *catgets(nl_catd catalogue, int set, int number, const char *text)
{
	(void)catalogue;
	(void)set;
	(void)number;
	return (char *)text;
}

int catclose(nl_catd catalogue)
{
	(void)catalogue;
	errno = EBADF;
	return -1;
}
