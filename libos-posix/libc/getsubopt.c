/* getsubopt.c - options separated by commas inside one argument.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <string.h>

char *suboptarg; /* the name alone, for programs from BSD */

int getsubopt(char **option, char *const *tokens, char **value)
{
	char *text = *option, *end, *equals;

	if (!*text)
		return -1;
	end = strchrnul(text, ',');
	equals = memchr(text, '=', (size_t)(end - text));
	*option = end;
	if (*end) {
		*end = '\0';
		*option = end + 1;
	}
	suboptarg = text;
	for (int i = 0; tokens[i]; i++) {
		size_t n = strlen(tokens[i]);

		if (strncmp(text, tokens[i], n) || (text[n] && text[n] != '='))
			continue;
		*value = equals ? equals + 1 : NULL;
		return i;
	}
	*value = text;
	return -1;
}
