#!/bin/bash
# safety.sh - nothing is where it was at the last boot; what no program should do ends it, with a reason.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

cat > where.c <<'END'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

extern char **environ;
static int data = 1;
static __thread int thread;

static void show(const char *name, const void *p)
{
	printf("%s %lx\n", name, (unsigned long)(uintptr_t)p);
}

int main(int argc, char **argv)
{
	void *small = malloc(24), *large = malloc(4 << 20);
	uintptr_t canary;

	__asm__ volatile("mov %%fs:0x28, %0" : "=r"(canary));
	show("program", (void *)(uintptr_t)main);
	show("data", &data);
	show("library", (void *)(uintptr_t)printf);
	show("small", small);
	show("large", large);
	show("mapping", mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	show("stack", &argc);
	show("arguments", argv[0]);
	show("environment", environ);
	show("thread", &thread);
	show("canary", (void *)canary);
	return 0;
}
END
# different IMAGE BOOTS: each of the values is another at each boot
different() {
	local image=$1 boots=$2 name
	rm -f places
	for ((i = 0; i < boots; i++)); do
		"$exo" run "$image" --timeout "$limit" > out 2> err < /dev/null || {
			not_ok "where things are ($image)" "status $?: $(tail -n 2 err | tr '\n' ' ')"
			return
		}
		tr -d '\r' < out >> places
	done
	while read -r name; do
		if [ "$(grep -c "^$name " places)" -eq "$boots" ] &&
			[ "$(grep "^$name " places | sort -u | wc -l)" -eq "$boots" ]; then
			ok "$image: another place at each boot: $name"
		else
			not_ok "$image: another place at each boot: $name" "$(grep "^$name " places | tr '\n' ' ')"
		fi
	done < <(cut -d ' ' -f 1 places | sort -u)
	if grep '^canary' places | grep -qvE ' [0-9a-f]{10,14}00$'; then
		not_ok "$image: a canary ends strings and is long" "$(grep '^canary' places | tr '\n' ' ')"
	else
		ok "$image: a canary ends strings and is long"
	fi
}
for link in static shared; do
	build "build where, $link" where.c --link $link --env A=b -o $link.elf && different $link.elf 4
done

# Two builds are one: whatever is random comes at boot.
for link in static shared; do
	build "build where again, $link" where.c --link $link --env A=b -o again.elf &&
		expect "nothing random is in the image, $link" 0 '' cmp $link.elf again.elf
done

cat > forbidden.c <<'END'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char constant[] = "constant";
static volatile uintptr_t zero;
/* ret, wherever it lies */
static unsigned char code[16] = {0xc3};

__attribute__((noinline)) static void smash(size_t n)
{
	char room[16];

	memset(room, 'x', n);
	__asm__ volatile("" : : "r"(room) : "memory");
}

static void call(uintptr_t where)
{
	((void (*)(void))where)();
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned char *heap = malloc(100), stack[16];

	memcpy(heap, code, 16);
	memcpy(stack, code, 16);
	puts("begun");
	fflush(stdout);
	if (strcmp(what, "read null") == 0)
		return *(volatile int *)zero;
	if (strcmp(what, "write null") == 0)
		*(volatile int *)zero = 1;
	if (strcmp(what, "call null") == 0)
		call(zero);
	if (strcmp(what, "member of null") == 0)
		return *(volatile char *)(zero + 4000);
	if (strcmp(what, "write code") == 0)
		*(volatile char *)(uintptr_t)main = 0;
	if (strcmp(what, "write constant") == 0)
		*(volatile char *)(uintptr_t)constant = 0;
	if (strcmp(what, "write library") == 0)
		*(volatile char *)(uintptr_t)puts = 0;
	if (strcmp(what, "call data") == 0)
		call((uintptr_t)code);
	if (strcmp(what, "call heap") == 0)
		call((uintptr_t)heap);
	if (strcmp(what, "call stack") == 0)
		call((uintptr_t)stack);
	if (strcmp(what, "call constant") == 0)
		call((uintptr_t)constant);
	if (strcmp(what, "kernel") == 0)
		return *(volatile int *)(zero + 0xffffffff80000000);
	if (strcmp(what, "not canonical") == 0)
		return *(volatile int *)(zero + 0x8000000000000000);
	if (strcmp(what, "port") == 0)
		__asm__ volatile("outb %%al, $0x80" : : "a"(0));
	if (strcmp(what, "halt") == 0)
		__asm__ volatile("hlt");
	if (strcmp(what, "smash") == 0)
		smash(100 + zero);
	return 0;
}
END
build 'build forbidden' forbidden.c -O1 -o forbidden.elf || exit 1
# ends STATUS WHAT PATTERN: on Linux with this status too, if the host can tell
ends() {
	local want=$1 what=$2 pattern=$3 status=0
	boot "$what" "$want" "$pattern" forbidden.elf --timeout "$limit" -- "$what"
	{ ./forbidden.host "$what" > /dev/null; } 2> /dev/null || status=$?
	if [ $status -eq "$want" ]; then ok "$what, Linux"
	else not_ok "$what, Linux" "status $status, not $want"; fi
}
gcc -O1 -fstack-protector-strong forbidden.c -o forbidden.host || exit 1
for what in 'read null' 'write null' 'call null' 'member of null'; do
	ends 139 "$what" 'null pointer'
done
for what in 'write code' 'write constant' 'write library'; do
	ends 139 "$what" 'read only was written'
done
for what in 'call data' 'call heap' 'call stack'; do
	ends 139 "$what" 'data cannot be executed'
done
ends 139 'call constant' ''
ends 139 kernel ''
ends 139 'not canonical' ''
ends 139 port ''
ends 139 halt ''
ends 134 smash 'stack smashing detected'

# Pages may be written, then run, but not both; unless the image says so, and shows it.
cat > both.c <<'END'
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* mov $7, %eax; ret */
static const unsigned char code[] = {0xb8, 7, 0, 0, 0, 0xc3};

static const char *result(int failed)
{
	return failed ? strerror(errno) : "done";
}

int main(void)
{
	const int rw = PROT_READ | PROT_WRITE, anywhere = MAP_PRIVATE | MAP_ANONYMOUS;
	void *both = mmap(NULL, 4096, rw | PROT_EXEC, anywhere, -1, 0), *p;

	printf("map both: %s\n", result(both == MAP_FAILED));
	p = mmap(NULL, 4096, rw, anywhere, -1, 0);
	memcpy(p, code, sizeof(code));
	printf("make both: %s\n", result(mprotect(p, 4096, rw | PROT_EXEC)));
	memcpy(p, code, sizeof(code));
	printf("make it code: %s\n", result(mprotect(p, 4096, PROT_READ | PROT_EXEC)));
	printf("run it: %d\n", ((int (*)(void))p)());
	if (both != MAP_FAILED) {
		memcpy(both, code, sizeof(code));
		printf("run both: %d\n", ((int (*)(void))both)());
	}
	fflush(stdout);
	*(volatile char *)p = 0;
	return 0;
}
END
# prints NAME STATUS IMAGE LINES...
prints() {
	local name=$1 want=$2 image=$3 status=0
	shift 3
	"$exo" run "$image" --timeout "$limit" > out 2>&1 < /dev/null || status=$?
	tr -d '\r' < out | head -n $# > got
	if [ $status -ne "$want" ]; then not_ok "$name" "status $status, not $want: $(tail -n 2 out | tr '\n' '|')"
	elif ! printf '%s\n' "$@" | cmp -s - got; then not_ok "$name" "$(tr '\n' '|' < got)"
	else ok "$name"; fi
}
build 'build both' both.c -o both.elf && {
	prints 'write and execute are refused together' 139 both.elf 'map both: Permission denied' \
		'make both: Permission denied' 'make it code: done' 'run it: 7' 'memory that is read only was written'
	expect 'inspect: no write and execute' 0 'no page both writable and executable' "$exo" inspect both.elf
}
build 'build both with --allow-wx' both.c --allow-wx -o both.iso && {
	prints 'with --allow-wx they are not' 139 both.iso 'map both: done' 'make both: done' \
		'make it code: done' 'run it: 7' 'run both: 7' 'memory that is read only was written'
	expect 'inspect shows --allow-wx' 0 'WRITE AND EXECUTE' "$exo" inspect both.iso
	expect 'inspect --json shows it' 0 '"wx": true' "$exo" inspect --json both.iso
}
exit $((bad > 0))
