/* fuzz_description.c - libFuzzer target: descriptions of several images, of any bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What is read without complaint and can be had together keeps the promises that the steward relies
 * on, and the list made of it is read as it was written.  Any bytes are tried as a list, too.
 */
#include <shares.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *tool = "fuzz";

static struct shares s, again;
static FILE *nowhere;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "not so: %s\n", what);
	abort();
}

static void promises(void)
{
	unsigned int input = 0, started = 0;
	uint64_t taken = 1, used = 0;

	for (unsigned int i = 0; i < s.count; i++) {
		const struct share *a = &s.share[i];

		must(share_name_ok(a->name) && share_named(&s, a->name) == a, "one name each");
		must(a->memory && a->memory % 4096 == 0 && a->guaranteed <= a->memory, "memory");
		must(a->cpus && (s.cpus == 64 || !(a->cpus >> s.cpus)), "CPUs that are there");
		must(a->slice >= SLICE_MIN && a->slice <= SLICE_MAX, "slice");
		must(!a->settings_bytes || !a->settings[a->settings_bytes - 1], "settings end");
		if (a->claim) {
			must(!(a->cpus & taken), "a claimed CPU is nobody else's");
			taken |= a->cpus;
		} else {
			used |= a->cpus;
		}
		input += a->input;
		started += a->start;
	}
	must(!(used & taken & ~1ull), "a claimed CPU is shared by nobody");
	must(input <= 1 && started, "one input, somebody to start");
}

static bool settle(void)
{
	static struct share_facts facts[SHARES_MAX];
	struct report r = {.to = nowhere, .path = "x"};

	for (int i = 0; i < SHARES_MAX; i++)
		facts[i] = (struct share_facts){.need = 300 << 10,
						.cpus = i % 3,
						.posix = i & 1,
						.memory = i % 5 ? 0 : 1 << 20};
	return shares_settle(&s, facts, &r);
}

static void round_trip(void)
{
	struct report r = {.to = nowhere, .path = "x"};
	char *list = NULL;
	size_t bytes;
	FILE *f = open_memstream(&list, &bytes);

	for (unsigned int i = 0; i < s.count; i++) {
		s.share[i].archive = "a";
		share_write(f, &s.share[i]);
	}
	fclose(f);
	must(list_read(&again, list, bytes, &r) && again.count == s.count, "the list is read");
	for (unsigned int i = 0; i < s.count; i++) {
		const struct share *a = &s.share[i], *b = &again.share[i];

		must(strcmp(a->name, b->name) == 0 && a->memory == b->memory &&
			     a->guaranteed == b->guaranteed && a->cpus == b->cpus &&
			     a->slice == b->slice && a->restart == b->restart &&
			     a->restarts == b->restarts && a->claim == b->claim &&
			     a->sees_all == b->sees_all && a->start == b->start &&
			     a->input == b->input && a->loads == b->loads &&
			     a->settings_bytes == b->settings_bytes &&
			     memcmp(a->settings, b->settings, a->settings_bytes) == 0,
		     "what is read is what was written");
	}
	free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report r = {.path = "x"};
	char *text = malloc(size + 1);

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	r.to = nowhere;
	memcpy(text, data, size);
	text[size] = 0;
	list_read(&again, text, size, &r);
	r.errors = 0;
	if (description_read(&s, text, size, &r) && settle()) {
		promises();
		round_trip();
	}
	free(text);
	return 0;
}
