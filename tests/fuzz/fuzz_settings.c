/* fuzz_settings.c - fuzz target: two blocks of settings, as one sequence.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle cuts the blocks at their zero bytes and looks through the pieces from the end.
 */
#include "fuzz.h"

#include <exo/version.h>
#include <libexo/settings.h>
#include <libexo/start.h>
#include <util/crc32c.h>
#include <util/settings.h>

#define MOST 4096
#define ARGS 8

struct exo_start *xo_start;

static struct exo_start start;
static struct {
	struct exo_archive head;
	struct exo_entry entry[2];
} * archive;
static const char *piece[MOST];
static int pieces;

static void cut(const char *block, size_t bytes)
{
	for (const char *end; bytes && (end = memchr(block, 0, bytes)); block = end + 1) {
		piece[pieces++] = block;
		bytes -= (size_t)(end + 1 - block);
	}
}

static const char *value_of(int i, const char *key)
{
	size_t n = strlen(key);

	return strncmp(piece[i], key, n) == 0 && piece[i][n] == '=' ? piece[i] + n + 1 : NULL;
}

static void check_sequence(const struct xo_settings *s)
{
	const char *p = NULL;

	for (int i = 0; i < pieces; i++) {
		p = xo_settings_next(s, p);
		must(p == piece[i]);
	}
	must(!xo_settings_next(s, p));
}

static void check_key(const struct xo_settings *s, const char *key)
{
	const char *want = NULL;

	for (int i = 0; i < pieces; i++)
		if (value_of(i, key))
			want = value_of(i, key);
	must(xo_setting(s, key) == want);
}

static void check_arguments(const struct xo_settings *s)
{
	char *argv[ARGS];
	int argc = xo_arguments(s, &archive->head, argv, ARGS), n = 1;
	const char *name = xo_setting(s, "name");

	must(argc >= 1 && argc < ARGS && !argv[argc]);
	must(argv[0] == (name ? name : archive->entry[0].name));
	for (int i = 0; i < pieces && n < ARGS - 1; i++)
		if (value_of(i, "arg"))
			must(n < argc && argv[n++] == value_of(i, "arg"));
	must(n == argc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	bool lies = get_bytes(&in, 1) & 1;
	uint32_t said = lies ? (uint32_t)get_number(&in) : 0;
	size_t given = get_below(&in, size + 1), rest;
	struct xo_settings s;

	memset(&start, 0, sizeof(start));
	rest = (size_t)(in.end - in.at);
	given = given < rest ? given : rest;
	if (rest > MOST)
		return 0;
	archive = malloc(sizeof(*archive) + rest - given);
	memset(archive, 0, sizeof(*archive));
	archive->head.entries = 2;
	archive->entry[0] = (struct exo_entry){.name = "own", .kind = EXO_ENTRY_PROGRAM};
	archive->entry[1] = (struct exo_entry){
		.kind = EXO_ENTRY_SETTINGS, .offset = sizeof(*archive), .bytes = rest - given};
	memcpy(archive + 1, in.at + given, rest - given);
	memcpy(start.settings, in.at, given < sizeof(start.settings) ? given : EXO_START_SETTINGS);
	said = lies ? said : (uint32_t)given;
	start.settings_bytes = said; /* more than there can be, too */
	xo_start = &start;
	pieces = 0;
	cut((char *)(archive + 1), rest - given);
	cut(start.settings, said < EXO_START_SETTINGS ? said : EXO_START_SETTINGS);
	xo_settings_init(&s, &archive->head);
	check_sequence(&s);
	check_key(&s, "arg");
	check_key(&s, "name");
	check_key(&s, "");
	check_arguments(&s);
	free(archive);
	return 0;
}
