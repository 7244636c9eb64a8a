/* kv.c - a key-value store in a file that is mapped into memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/kv/kv.c --run        and then, on the console: set name Ada
 *
 * Commands come from standard input: set KEY VALUE, get KEY, del KEY, list, reopen.  The file is an
 * array of slots, found by the key's hash; what is written to the mapping is in the file.
 *
 * RUN: < input
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOTS = 256, KEY = 24, VALUE = 104 };
enum { FREE, USED, GONE };

struct slot {
	char state;
	char key[KEY - 1];
	char value[VALUE];
};

static const char *const path = "store.kv";

static struct slot *open_store(void)
{
	int fd = open(path, O_RDWR | O_CREAT, 0644);
	struct slot *slots;

	if (fd < 0 || ftruncate(fd, SLOTS * sizeof(*slots)) != 0) {
		perror(path);
		exit(1);
	}
	slots = mmap(NULL, SLOTS * sizeof(*slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slots == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	close(fd); /* the mapping keeps the file */
	return slots;
}

static void close_store(struct slot *slots)
{
	if (msync(slots, SLOTS * sizeof(*slots), MS_SYNC) != 0 ||
	    munmap(slots, SLOTS * sizeof(*slots)) != 0)
		perror("msync");
}

/* The slot of KEY; or with make, one where it may go.  NULL: there is none. */
static struct slot *find(struct slot *slots, const char *key, int make)
{
	struct slot *s, *room = NULL;
	unsigned h = 2166136261;

	for (const char *p = key; *p; p++)
		h = (h ^ (unsigned char)*p) * 16777619;
	for (unsigned i = 0; i < SLOTS; i++) {
		s = &slots[(h + i) % SLOTS];
		if (s->state == USED && strcmp(s->key, key) == 0)
			return s;
		if (s->state != USED && !room)
			room = s;
		if (s->state == FREE)
			break;
	}
	return make ? room : NULL;
}

static void set(struct slot *slots, const char *key, const char *value)
{
	struct slot *s = find(slots, key, 1);

	if (!s || strlen(key) >= sizeof(s->key) || strlen(value) >= sizeof(s->value)) {
		printf("no room\n");
		return;
	}
	strcpy(s->key, key);
	strcpy(s->value, value);
	s->state = USED;
	printf("ok\n");
}

int main(void)
{
	struct slot *slots = open_store(), *s;
	char line[256], command[16], key[32], value[128];

	while (fgets(line, sizeof(line), stdin)) {
		int n = sscanf(line, "%15s %31s %127[^\n]", command, key, value);

		if (n == 3 && strcmp(command, "set") == 0) {
			set(slots, key, value);
		} else if (n == 2 && strcmp(command, "get") == 0) {
			s = find(slots, key, 0);
			printf("%s\n", s ? s->value : "(none)");
		} else if (n == 2 && strcmp(command, "del") == 0) {
			if ((s = find(slots, key, 0)))
				s->state = GONE;
			printf("%s\n", s ? "ok" : "(none)");
		} else if (n == 1 && strcmp(command, "list") == 0) {
			for (s = slots; s < slots + SLOTS; s++)
				if (s->state == USED)
					printf("%-12s %s\n", s->key, s->value);
		} else if (n == 1 && strcmp(command, "reopen") == 0) {
			close_store(slots);
			slots = open_store();
		} else if (n > 0) {
			printf("set KEY VALUE, get KEY, del KEY, list, reopen\n");
		}
	}
	close_store(slots);
	return 0;
}
