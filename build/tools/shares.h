/* shares.h - several images on one machine: what each of them gets.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A description (images/NAME.conf, docs/images.md) says it with lines `key = value`; the list that
 * the steward reads, with strings key=value.  Both have the same keys, except that a description
 * names a file (`image = FILE` in section [NAME]) where the list names an entry of the archive
 * (image=NAME, archive=ENTRY), and that in the list nothing is left to a default.
 */
#ifndef SHARES_H
#define SHARES_H

#include <exo/start.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SHARES_MAX	   64 /* images of one archive */
#define SHARES_CPUS	   64
#define SHARE_NAME_MAX	   31
#define SHARE_SETTINGS_MAX 2400 /* of EXO_START_SETTINGS; the rest is what is given at boot */
#define SHARES_MEMORY_MAX  (1ull << 42)
#define SLICE_MIN	   10000ull
#define SLICE_MAX	   1000000000ull
#define SLICE_DEFAULT	   10000000ull

_Static_assert(SHARE_SETTINGS_MAX < EXO_START_SETTINGS, "room for what is given at boot");

enum share_key {
	KEY_MEMORY,
	KEY_GUARANTEED,
	KEY_CPUS,
	KEY_CLAIM,
	KEY_SLICE,
	KEY_RESTART,
	KEY_RESTARTS,
	KEY_SEES,
	KEY_START,
	KEY_INPUT,
	KEY_LOADS,
	KEY_ARG,
	KEY_ENV,
	SHARE_KEYS,
};

enum restart { RESTART_NEVER, RESTART_ON_FAILURE, RESTART_ALWAYS };
extern const char *const restart_word[]; /* as they are written */

struct share {
	char name[SHARE_NAME_MAX + 1];
	const char *file;    /* that holds it, as it was written */
	const char *archive; /* of a list: name of the MODULE that holds it */
	unsigned int line;   /* where it begins in the description; 0: in none */
	unsigned int file_line;
	unsigned int given[SHARE_KEYS]; /* line; of what has none, 1; 0: not given */
	uint64_t memory, guaranteed;	/* bytes, whole pages */
	uint64_t cpus;			/* bit n: CPU n */
	uint64_t slice;			/* ns */
	unsigned int restarts;		/* 0: without a bound */
	enum restart restart;
	bool claim, sees_all, start, input, loads;
	uint32_t settings_bytes; /* arg= and env=, each with its zero byte */
	char settings[SHARE_SETTINGS_MAX];
};

struct shares {
	uint64_t memory; /* RAM of the machine in bytes; 0: what is needed */
	unsigned int cpus;
	unsigned int memory_line, cpus_line;
	unsigned int count;
	struct share share[SHARES_MAX];
};

/* What its archive says of an image. */
struct share_facts {
	uint64_t need;	   /* bytes of RAM below which it cannot come up */
	uint64_t memory;   /* it asks for, or 0 */
	unsigned int cpus; /* it asks for, or 0 */
	bool posix;	   /* linked with libos-posix, which has a heap */
};

/* Where complaints go, and how many there were. */
struct report {
	FILE *to;
	const char *path; /* of the description, or NULL */
	unsigned int errors;
};

void complain(struct report *r, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* 1 to SHARE_NAME_MAX letters, digits, . _ and -, a letter first; the steward's own name is taken. */
bool share_name_ok(const char *name);
struct share *share_named(struct shares *s, const char *name);

/* A name for what lies in that file, unlike those that are there; `own`: begin with this instead. */
void share_make_name(struct shares *s, struct share *to, const char *file, const char *own);

/* Set what the string says.  NULL, or what is wrong with the value; `no such key` for a key that
 * is none. */
extern const char no_such_key[];
const char *share_set(struct share *s, const char *key, const char *value, unsigned int line);

/* What holds if nobody says anything, as far as that is known before its archive is. */
void share_default(struct share *s);

/* The same for `mem` and `cpus` of the machine. */
const char *shares_machine(struct shares *s, const char *key, const char *value, unsigned int line);

const char *size_read(uint64_t *bytes, const char *text);
const char *count_read(unsigned int *n, const char *text, unsigned int most);
const char *cpus_read(uint64_t *mask, const char *text);
const char *time_read(uint64_t *ns, const char *text);

/* As `0,2-3`. */
void cpus_text(char *to, size_t room, uint64_t mask);

/* Strings of the list for one image, each with its zero byte. */
void share_write(FILE *to, const struct share *s);

/* Read a description; `text`, with a zero byte behind it, is changed and pointed into.  False after a complaint. */
bool description_read(struct shares *s, char *text, size_t bytes, struct report *r);

/* Read the list of an archive, into which `s` then points. */
bool list_read(struct shares *s, const char *list, size_t bytes, struct report *r);

/* Fill in what nobody said and check that all of it can be had together; false after a complaint. */
bool shares_settle(struct shares *s, const struct share_facts *facts, struct report *r);

/* Memory of the images that start by themselves; of all. */
uint64_t shares_started(const struct shares *s);
uint64_t shares_all(const struct shares *s);

#endif
