/* environment.c - the environment, where Linux has more than newlib.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdlib.h>
#include <unistd.h>

int clearenv(void)
{
	static char *none[1];

	none[0] = NULL;
	environ = none;
	return 0;
}

/* No program runs with more rights than whoever started it. */
char *secure_getenv(const char *name)
{
	return getenv(name);
}
