/* names.c - names of files: in full, and in the order of the numbers in them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

char *canonicalize_file_name(const char *name)
{
	return realpath(name, NULL);
}

int versionsort(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}
