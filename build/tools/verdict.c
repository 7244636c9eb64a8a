/* verdict.c - how a machine ended, by what its kernel said on the debug console.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "verdict.h"
#include "host.h"

#include <exo/env.h>
#include <signal/vector.h>
#include <string.h>

#define LINE_MAX_BYTES 1024

/* First final line of the file, without its newline: what comes after "exo: ". */
static bool last_word(const char *path, char line[LINE_MAX_BYTES])
{
	static const char *const word[] = {"exit ", "stop ", "refuse ", "panic "};
	FILE *f = fopen(path, "re");
	bool found = false;

	while (f && !found && fgets(line, LINE_MAX_BYTES, f)) {
		size_t n = strcspn(line, "\r\n");

		if (!line[n] || strncmp(line, "exo: ", 5) != 0)
			continue; /* not whole yet, or somebody else's */
		line[n] = 0;
		memmove(line, line + 5, n - 4);
		for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
			found |= strncmp(line, word[i], strlen(word[i])) == 0;
	}
	if (f)
		fclose(f);
	return found;
}

bool verdict_there(const char *debug_path)
{
	char line[LINE_MAX_BYTES];

	return last_word(debug_path, line);
}

static int stopped(unsigned int reason, unsigned int code)
{
	if (reason == EXO_STOP_SELF)
		return code & 0xff;
	if (reason == EXO_STOP_UPCALL && code < 32) {
		fprintf(stderr,
			"%s: the program could not take the upcall for exception %u and was "
			"stopped\n",
			tool, code);
		return STATUS_SIGNAL + px_signal_of(code);
	}
	fprintf(stderr, "%s: the program was stopped: reason %u, code %u\n", tool, reason, code);
	return STATUS_DIED;
}

int verdict_read(const char *debug_path)
{
	char line[LINE_MAX_BYTES];
	unsigned int a, b;

	if (!last_word(debug_path, line))
		return -1;
	if (sscanf(line, "exit %u", &a) == 1)
		return a & 0xff;
	if (sscanf(line, "stop %u %u", &a, &b) == 2)
		return stopped(a, b);
	if (strncmp(line, "refuse ", 7) == 0)
		fprintf(stderr, "%s: the kernel cannot start this: %s\n", tool, line + 7);
	else
		fprintf(stderr, "%s: the kernel panicked: %s\n", tool, line + 6);
	return STATUS_DIED;
}

void verdict_show(const char *debug_path)
{
	char line[LINE_MAX_BYTES];
	FILE *f = fopen(debug_path, "re");

	while (f && fgets(line, sizeof(line), f))
		fputs(line, stderr);
	if (f)
		fclose(f);
}
