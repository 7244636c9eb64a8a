/* list.h - what each image gets: the strings of the archive's module `images`.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Strings as in SETTINGS (exo/archive.h), in this order for each image; what is not there has the
 * value in brackets:
 *
 *     image=NAME           begins an image; up to SHARE_NAME_MAX letters, digits, . _ -, a letter
 * first archive=MODULE       the module that holds its whole own archive memory=BYTES         RAM,
 * all that it and what it makes will ever have  [16777216] guaranteed=BYTES     of it, what is
 * never taken back  [as memory] cpus=LIST            like 0,2-3  [0] claim=yes|no         has those
 * CPUs for itself  [no] slice=NS             its turn on each of them  [10000000]
 *     restart=never|on-failure|always  [never]
 *     restarts=N           not more often than this; 0: no bound  [0]
 *     sees=own|all         the kernel's tables: of itself, of everybody  [own]
 *     start=yes|no         starts by itself  [yes]
 *     input=yes|no         gets what is typed, first of all  [no]
 *     loads=yes|no         may ask for images to be started  [no]
 *     arg=TEXT, env=NAME=VALUE  as in SETTINGS; these are handed to it
 */
#ifndef LIST_H
#define LIST_H

#include <exo/types.h>
#include <stdbool.h>
#include <stddef.h>

#define SHARE_NAME_MAX 31

enum share_restart { RESTART_NEVER, RESTART_ON_FAILURE, RESTART_ALWAYS };

struct share {
	char name[SHARE_NAME_MAX + 1];
	const char *archive;         /* module's name, or NULL */
	uint64_t memory, guaranteed; /* frames */
	uint64_t cpus;               /* bit n: CPU n */
	exo_ns_t slice;
	uint32_t restarts;
	uint8_t restart; /* enum share_restart */
	bool claim, sees_all, start, input, loads;
	const char *strings; /* its part of the list, for arg= and env= */
	size_t bytes;
};

/* Is it a name as above? */
bool share_name_ok(const char *name);

/* The values in brackets. */
void share_begin(struct share *s);

/* Read the next image, from *at on (NULL: the first) into `s`.  Returns false when there is none.
 * In *wrong the first string that makes no sense, or NULL. */
bool list_next(struct share *s, const char *list, size_t bytes, const char **at,
	       const char **wrong);

/* Copy the arg= and env= strings, at most `room` bytes, none cut.  Returns how many bytes. */
size_t share_settings(const struct share *s, char *to, size_t room);

#endif
