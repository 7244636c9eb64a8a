/* main.c - which small worlds are gone through, and how far.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * usage: prove [-d DEPTH | -m MORE] [-s SECONDS] [-n STATES] [PLAN...]      (none: all)
 *
 * MORE: so many calls more in a row than the plan says (or less than 0).
 */
#include "explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct plan *const plans[] = {
	&plan_caps,   &plan_revoke, &plan_accounts, &plan_seize,  &plan_gone,  &plan_maps,
	&plan_large,  &plan_envs,   &plan_stale,    &plan_slices, &plan_turns, &plan_lent,
	&plan_called, &plan_served, &plan_moved,    &plan_ranges};

/* Each in a process of its own, since each needs a fresh machine. */
static bool one(const struct plan *plan, const struct limits *limits)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (!child)
		exit(!explore(plan, limits));
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return false;
	if (WIFSIGNALED(status) || WEXITSTATUS(status) > 1)
		printf("not ok %s: ended with status %x\n", plan->name, status);
	return status == 0;
}

int main(int argc, char **argv)
{
	struct limits limits = {0};
	bool good = true, found;
	int c;

	while ((c = getopt(argc, argv, "d:m:s:n:")) != -1) {
		if (c == 'd')
			limits.depth = atoi(optarg);
		else if (c == 'm')
			limits.more = atoi(optarg);
		else if (c == 's')
			limits.seconds = atol(optarg);
		else if (c == 'n')
			limits.states = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		found = optind == argc;
		for (int a = optind; a < argc; a++)
			found |= !strcmp(argv[a], plans[i]->name);
		if (found)
			good &= one(plans[i], &limits);
	}
	return !good;
}
