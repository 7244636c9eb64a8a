/* damage.c - change an archive's module and make its sums right again; runs on the host.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 *     damage ARCHIVE OFFSET HEX...    bytes from OFFSET of the module on
 *     damage ARCHIVE size BYTES       a shorter module
 */
#include "sha256.h"

#include <exo/archive.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <util/archive.h>
#include <util/crc32c.h>

static uint8_t bytes[64 << 20] __attribute__((aligned(4096)));

int main(int argc, char **argv)
{
	FILE *f = argc > 3 ? fopen(argv[1], "r+b") : NULL;
	size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;
	struct exo_archive *a = (void *)bytes;
	struct exo_entry *e = NULL;

	if (n && archive_check(a, n) == ARCHIVE_OK)
		e = (struct exo_entry *)archive_find(a, 0, EXO_ENTRY_MODULE, "application");
	if (!e)
		return 1;
	if (strcmp(argv[2], "size") == 0)
		e->bytes = strtoul(argv[3], NULL, 0);
	else
		for (int i = 3; i < argc; i++)
			bytes[e->offset + strtoul(argv[2], NULL, 0) + i - 3] =
				(uint8_t)strtoul(argv[i], NULL, 16);
	sha256(e->sha256, archive_data(a, e), e->bytes);
	e->crc = crc32c(0, archive_data(a, e), e->bytes);
	a->head_crc = 0;
	a->head_crc = crc32c(0, bytes, a->head_bytes);
	rewind(f);
	return fwrite(bytes, 1, n, f) != n || fclose(f) != 0;
}
