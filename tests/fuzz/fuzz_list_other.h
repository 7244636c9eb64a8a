/* fuzz_list_other.h - what the host's tools read in a list, in words that both readers know.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIST_OTHER_H
#define LIST_OTHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct other {
	const char *name, *archive, *settings;
	uint64_t memory, guaranteed; /* frames; 0: not said */
	uint64_t cpus;               /* 0: not said */
	uint64_t slice;
	uint32_t restarts, restart, settings_bytes;
	bool claim, sees_all, start, input, loads;
};

/* How many images the list has; -1: it makes no sense to the tools. */
int other_read(const char *list, size_t bytes);
void other_get(int i, struct other *o);

#endif
