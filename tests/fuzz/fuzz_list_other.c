/* fuzz_list_other.c - the host's reader of the steward's list, for list.c.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "fuzz_list_other.h"

#define share_name_ok other_name_ok
#include <description.c>
#include <shares.c>

const char *tool = "fuzz";
static struct shares shares;

int other_read(const char *list, size_t bytes)
{
	static FILE *nowhere;
	struct report r = {.path = "x"};

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	r.to = nowhere;
	return list_read(&shares, list, bytes, &r) ? (int)shares.count : -1;
}

void other_get(int i, struct other *o)
{
	const struct share *s = &shares.share[i];

	*o = (struct other){
		.name = s->name,
		.archive = s->archive,
		.settings = s->settings,
		.memory = s->memory / EXO_PAGE_SIZE,
		.guaranteed = s->guaranteed / EXO_PAGE_SIZE,
		.cpus = s->cpus,
		.slice = s->slice,
		.restarts = s->restarts,
		.restart = s->restart,
		.settings_bytes = s->settings_bytes,
		.claim = s->claim,
		.sees_all = s->sees_all,
		.start = s->start,
		.input = s->input,
		.loads = s->loads,
	};
}
