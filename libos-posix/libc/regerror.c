/* regerror.c - what is wrong with a regular expression, in the words of Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

static const char *const text[] = {
	[REG_NOERROR] = "Success",
	[REG_NOMATCH] = "No match",
	[REG_BADPAT] = "Invalid regular expression",
	[REG_ECOLLATE] = "Invalid collation character",
	[REG_ECTYPE] = "Invalid character class name",
	[REG_EESCAPE] = "Trailing backslash",
	[REG_ESUBREG] = "Invalid back reference",
	[REG_EBRACK] = "Unmatched [, [^, [:, [., or [=",
	[REG_EPAREN] = "Unmatched ( or \\(",
	[REG_EBRACE] = "Unmatched \\{",
	[REG_BADBR] = "Invalid content of \\{\\}",
	[REG_ERANGE] = "Invalid range end",
	[REG_ESPACE] = "Memory exhausted",
	[REG_BADRPT] = "Invalid preceding regular expression",
	[REG_EEND] = "Premature end of regular expression",
	[REG_ESIZE] = "Regular expression too big",
	[REG_ERPAREN] = "Unmatched ) or \\)",
};

size_t regerror(int code, const regex_t *restrict r, char *restrict buffer, size_t size)
{
	size_t n;

	(void)r;
	if (code < 0 || code >= (int)(sizeof(text) / sizeof(text[0])))
		abort();
	n = strlen(text[code]) + 1;
	if (size) {
		size_t kept = n < size ? n : size;

		memcpy(buffer, text[code], kept);
		buffer[kept - 1] = '\0';
	}
	return n;
}
