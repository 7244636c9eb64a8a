#!/bin/bash
# own-libos.sh - programs that bring their own libOS; docs/your-own-libos.md does what it says.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
unset MAKEFLAGS MAKELEVEL MFLAGS
export TMPDIR=$work
mkdir "$work/here" && cd "$work/here" || exit 1

echo 'int main(void) { return 0; }' > main.c
none=("$exo" --libos none --no-prove)
expect 'no exo_main' 1 'begins in exo_main\(\) and has its upcalls in exo_upcall\(\)' "${none[@]}" main.c
expect 'none is not shared' 2 'only one shared libOS' "${none[@]}" main.c --link shared
expect 'cflags of none' 0 'ffreestanding' "$exo" --print cflags --libos none
cat > begins.c <<'END'
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/start.h>
void exo_main(struct exo_start *start)
{
	char c = 0;

	(void)start;
	while (!xo_console_read(&c, 1))
		exo_sleep(EXO_EVENT_CONSOLE_IN, 0, EXO_SLOT_NONE, 0);
	xo_console_write("begun\n", 6);
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, (unsigned char)c);
	__builtin_trap();
}
END
cat > upcalls.c <<'END'
#include <libexo/upcall.h>
void exo_upcall(struct exo_frame *frame, uint64_t kind, uint64_t addr) { (void)frame, (void)kind, (void)addr; }
END
cc=$("$exo" --print cc --libos none)
eval "$cc -c -mgeneral-regs-only upcalls.c" && ar qcs upcalls.a upcalls.o
expect 'an archive is the libOS' 0 'not proved' "$exo" --libos none begins.c upcalls.a -o begins.elf
expect 'inspect' 0 'libos=none' "$exo" inspect begins.elf
expect 'in a pack: it is not run to see what it needs' 0 'computed, not proved' "$exo" pack begins.elf begins.elf -o two.elf
printf '\001' > one	# a byte that libos-posix would find quoted
input=one boot 'input as it is' 1 '^begun$' begins.elf --timeout "$limit"
eval "$cc begins.c upcalls.a -o linked"
expect 'a linked program' 0 '' "$exo" --no-prove ./linked -o linked.elf
expect 'what it stands on is found' 0 'libos=none' "$exo" inspect linked.elf

cd "$top" || exit 1
. "$top/tests/boot/document.bash"
document 'own libOS' "$top/docs/your-own-libos.md" 20
exit $((bad > 0))
