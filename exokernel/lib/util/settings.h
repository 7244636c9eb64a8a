/* settings.h - walk a block of settings strings (exo/archive.h).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UTIL_SETTINGS_H
#define UTIL_SETTINGS_H

#include <stddef.h>

/* The string after prev (NULL: the first) or NULL at the end.  A last string
 * without its zero byte is not returned. */
const char *settings_next(const char *block, size_t bytes, const char *prev);

/* If s is "key=...", what follows the =, else NULL. */
const char *settings_value(const char *s, const char *key);

#endif
