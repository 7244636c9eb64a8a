/* fuzz_list.c - fuzz target: the steward's list of images, read by the steward and by the host's
 * tools. SPDX-License-Identifier: BSD-2-Clause
 *
 * Two readers of one format, written apart: what the steward takes without complaint and the tools
 * take too they must understand in the same way.
 */
#include "fuzz.h"
#include "fuzz_list_other.h"

#include <exo/types.h>
#include <list.h>
#include <util/settings.h>

static void check_same(int i, const struct share *s)
{
	struct other o;

	other_get(i, &o);
	must(!strcmp(o.name, s->name) && !strcmp(o.archive, s->archive));
	must(!o.memory || o.memory == s->memory);
	must(!o.guaranteed || o.guaranteed > s->memory || o.guaranteed == s->guaranteed);
	must(!o.cpus || o.cpus == s->cpus);
	must(o.slice == s->slice && o.restart == s->restart && o.restarts == s->restarts);
	must(o.claim == s->claim && o.sees_all == s->sees_all && o.start == s->start);
	must(o.input == s->input && o.loads == s->loads);
}

static void check_share(const struct share *s)
{
	must(share_name_ok(s->name));
	must(s->memory <= 1ull << 40 && s->guaranteed <= s->memory);
	must(s->slice >= 10000 && s->slice <= 1000000000);
	must(s->restart <= RESTART_ALWAYS && s->cpus);
}

/* Whole strings in their order, arg= and env= alone, as many as there is room for. */
static void check_settings(const struct share *s, size_t room)
{
	char *to = malloc(room ? room : 1), *at = to;
	size_t used = share_settings(s, to, room);

	must(used <= room && (!used || !to[used - 1]));
	for (const char *p = NULL; (p = settings_next(s->strings, s->bytes, p));) {
		size_t n = strlen(p) + 1;

		if (strncmp(p, "arg=", 4) && strncmp(p, "env=", 4))
			continue;
		if (n > room - (size_t)(at - to))
			continue;
		must(!memcmp(at, p, n));
		at += n;
	}
	must((size_t)(at - to) == used);
	free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	size_t room = get_bytes(&in, 1), bytes = (size_t)(in.end - in.at);
	char *list = copy_of(in.at, bytes);
	const char *at = NULL, *wrong, *before = NULL;
	int others = other_read(list, bytes), n = 0;
	bool good = true;
	struct share s;

	for (; list_next(&s, list, bytes, &at, &wrong); n++) {
		must(s.strings >= list && s.bytes <= bytes && s.strings + s.bytes <= list + bytes);
		must(!before || s.strings >= before);
		before = s.strings + s.bytes;
		must(!wrong || (wrong >= s.strings && wrong < before));
		good = good && !wrong;
		if (!wrong)
			check_share(&s);
		check_settings(&s, room);
		if (others >= 0 && !wrong) {
			must(n < others);
			check_same(n, &s);
		}
	}
	if (others >= 0 && good)
		must(n == others);
	free(list);
	return 0;
}
