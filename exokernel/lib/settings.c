/* settings.c - walk a block of settings strings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <util/settings.h>

const char *settings_next(const char *block, size_t bytes, const char *prev)
{
	size_t start = 0, i;

	if (prev) {
		start = (size_t)(prev - block);
		while (block[start])
			start++;
		start++;
	}
	for (i = start; i < bytes; i++)
		if (!block[i])
			return block + start;
	return NULL;
}

const char *settings_value(const char *s, const char *key)
{
	while (*key)
		if (*s++ != *key++)
			return NULL;
	return *s == '=' ? s + 1 : NULL;
}
