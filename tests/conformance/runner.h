/* runner.h - the table of a group's tests, made by build.sh.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef RUNNER_H
#define RUNNER_H

struct test {
	const char *name; /* FUNCTION/NUMBER */
	int (*main)(int argc, char **argv);
};

extern const struct test tests[]; /* the last has no name */

#endif
