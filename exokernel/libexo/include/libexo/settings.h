/* settings.h - the settings of the archive and of the boot, as one sequence.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The archive's come first, those given at boot last; where only one can hold
 * the last one does (exo/archive.h), so what was given at boot is stronger,
 * and arguments given at boot follow those of the archive.
 */
#ifndef LIBEXO_SETTINGS_H
#define LIBEXO_SETTINGS_H

#include <exo/archive.h>
#include <stddef.h>

struct xo_settings {
	const char *block[2];	/* the archive's, the boot's */
	size_t bytes[2];
};

/* Find the settings; `archive` (mapped, of this boot) may be NULL. */
void xo_settings_init(struct xo_settings *s, const struct exo_archive *archive);

/* The string after prev (NULL: the first), or NULL at the end. */
const char *xo_settings_next(const struct xo_settings *s, const char *prev);

/* The value of the last "key=...", or NULL. */
const char *xo_setting(const struct xo_settings *s, const char *key);

/* Arguments as main takes them: argv[0] is the setting `name` (or the
 * program's name in the archive, or "main"), then each `arg`.  Fills at most max pointers, the
 * last of them NULL, and returns argc, which is below max. */
int xo_arguments(const struct xo_settings *s, const struct exo_archive *archive, char **argv,
		 int max);

#endif
