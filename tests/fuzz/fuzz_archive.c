/* fuzz_archive.c - fuzz target: archives and program headers.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A small one in good order, with changes; the checksum is made right again or not.  What is
 * accepted must keep oracle.h's promises.
 */
#include "fuzz.h"
#include "oracle.h"
#include "sample.h"

static void judge(const char *wrong)
{
	if (wrong)
		fprintf(stderr, "accepted: %s\n", wrong);
	must(!wrong);
}

static const struct exo_entry *find(const struct exo_archive *a, uint32_t image, uint32_t kind)
{
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);

	for (uint32_t i = 0; i < a->entries; i++)
		if (e[i].image == image && e[i].kind == kind)
			return &e[i];
	return NULL;
}

static void try_archive(struct exo_archive *a, size_t size, bool seal)
{
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);

	if (seal && size >= sizeof(*a) && a->head_bytes >= sizeof(*a) && a->head_bytes <= size)
		sample_seal(a);
	if (archive_check(a, size) != ARCHIVE_OK)
		return;
	judge(oracle_archive(a, size));
	for (uint32_t i = 0; i < a->entries; i++) {
		must(archive_find(a, e[i].image, e[i].kind, NULL) ==
		     find(a, e[i].image, e[i].kind));
		must(archive_find(a, e[i].image, e[i].kind, e[i].name));
		archive_check_entry(a, &e[i]);
		if (archive_check_program(archive_data(a, &e[i]), e[i].bytes) == ARCHIVE_OK)
			judge(oracle_program(archive_data(a, &e[i]), e[i].bytes));
	}
}

/* Numbers in the head, in an entry, in a program or a segment: each where it lies. */
static size_t change(struct input *in, struct sample *s)
{
	static const uint16_t hot[] = {0,      64,     64 + 128, 64 + 2 * 128,
				       0x1000, 0x1020, 0x1048,   0x1070};
	size_t size = sizeof(*s);

	while (in->at < in->end) {
		uint8_t how = (uint8_t)get_bytes(in, 1);
		uint64_t at = hot[how & 7] + get_bytes(in, 1) % 128, v = get_number(in);

		at &= how & 8 ? ~7ull : ~3ull;
		memcpy((char *)s + at, &v, how & 8 ? 8 : how & 16 ? 4 : 1);
		if (how >= 0xf8)
			size = get_bytes(in, 2) % sizeof(*s);
	}
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint8_t how = (uint8_t)get_bytes(&in, 1);
	static struct sample s;
	size_t bytes, from = how & 1 ? 0 : 0x1000;
	void *copy;

	sample_archive(&s);
	bytes = change(&in, &s);
	bytes = bytes > from ? bytes - from : 0;
	copy = copy_of((char *)&s + from, bytes);
	if (how & 1)
		try_archive(copy, bytes, how & 2);
	else if (archive_check_program(copy, bytes) == ARCHIVE_OK)
		judge(oracle_program(copy, bytes));
	free(copy);
	return 0;
}
