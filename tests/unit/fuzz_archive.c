/* fuzz_archive.c - libFuzzer target: archives and program headers of any bytes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The first byte says what the rest is and whether its checksum is made
 * right, without which no input would get past the header.
 */
#include "oracle.h"
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

enum { ARCHIVE = 1, SEAL = 2 };

static void judge(const char *wrong)
{
	if (wrong) {
		fprintf(stderr, "accepted: %s\n", wrong);
		abort();
	}
}

static void try_archive(struct exo_archive *a, size_t size, int seal)
{
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);

	if (seal && size >= sizeof(*a) && a->head_bytes >= sizeof(*a) && a->head_bytes <= size)
		sample_seal(a);
	if (archive_check(a, size) != ARCHIVE_OK)
		return;
	judge(oracle_archive(a, size));
	for (uint32_t i = 0; i < a->entries; i++) {
		archive_check_entry(a, &e[i]);
		archive_find(a, e[i].image, e[i].kind, e[i].name);
		if (!((uintptr_t)archive_data(a, &e[i]) % 8) &&
		    archive_check_program(archive_data(a, &e[i]), e[i].bytes) == ARCHIVE_OK)
			judge(oracle_program(archive_data(a, &e[i]), e[i].bytes));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *copy;

	if (size < 1)
		return 0;
	/* a copy of its own: aligned, and the sanitizer knows its end */
	copy = malloc(size - 1 ? size - 1 : 1);
	if (!copy)
		return 0;
	memcpy(copy, data + 1, size - 1);
	if (*data & ARCHIVE)
		try_archive(copy, size - 1, *data & SEAL);
	else if (archive_check_program(copy, size - 1) == ARCHIVE_OK)
		judge(oracle_program(copy, size - 1));
	free(copy);
	return 0;
}

/* Start from something in good order: nearly no random bytes are. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	if (size < 64 && max > 1 + sizeof(struct sample) && seed % 2) {
		static struct sample s;

		sample_archive(&s);
		data[0] = ARCHIVE | SEAL;
		memcpy(data + 1, &s, sizeof(s));
		return 1 + sizeof(s);
	}
	if (size < 64 && max > 1 + sizeof(struct exo_program)) {
		struct exo_program p;

		sample_program(&p);
		data[0] = 0;
		memcpy(data + 1, &p, sizeof(p));
		return 1 + sizeof(p);
	}
	return LLVMFuzzerMutate(data, size, max);
}
