/* settings.c - settings from the archive, then those given at boot.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libexo/settings.h>
#include <libexo/start.h>
#include <util/archive.h>
#include <util/settings.h>

void xo_settings_init(struct xo_settings *s, const struct exo_archive *archive)
{
	const struct exo_entry *e = NULL;
	size_t given = xo_start->settings_bytes;

	if (archive)
		e = archive_find(archive, xo_start->image, EXO_ENTRY_SETTINGS, NULL);
	s->block[0] = e ? archive_data(archive, e) : "";
	s->bytes[0] = e ? e->bytes : 0;
	s->block[1] = xo_start->settings;
	s->bytes[1] = given < EXO_START_SETTINGS ? given : EXO_START_SETTINGS;
}

const char *xo_settings_next(const struct xo_settings *s, const char *prev)
{
	int i = prev && prev >= s->block[1] && prev < s->block[1] + s->bytes[1];
	const char *next = settings_next(s->block[i], s->bytes[i], prev);

	return next || i ? next : settings_next(s->block[1], s->bytes[1], NULL);
}

const char *xo_setting(const struct xo_settings *s, const char *key)
{
	const char *found = NULL;

	for (const char *p = NULL; (p = xo_settings_next(s, p));) {
		const char *value = settings_value(p, key);

		if (value)
			found = value;
	}
	return found;
}

int xo_arguments(const struct xo_settings *s, const struct exo_archive *archive, char **argv,
		 int max)
{
	const struct exo_entry *e = NULL;
	const char *name = xo_setting(s, "name");
	int argc = 1;

	if (!name && archive)
		e = archive_find(archive, xo_start->image, EXO_ENTRY_PROGRAM, NULL);
	argv[0] = (char *)(name ? name : e ? e->name : "main");
	for (const char *p = NULL; argc < max - 1 && (p = xo_settings_next(s, p));) {
		const char *value = settings_value(p, "arg");

		if (value)
			argv[argc++] = (char *)value;
	}
	argv[argc] = NULL;
	return argc;
}
