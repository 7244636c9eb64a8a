#!/bin/bash
# restart.sh - a program that restarts the machine finds itself started again.
# SPDX-License-Identifier: BSD-2-Clause

cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'kill %% 2>/dev/null; rm -rf "$work"' EXIT
kernel=build/out/kernel/exokernel
bad=0

cat >"$work/again.c" <<'END'
#include <exo/cap.h>
#include <exo/stubs.h>
#include <mini/mini.h>

int main(void)
{
	mini_printf("up\n");
	return exo_machine(EXO_SLOT_MACHINE, 1, 0) != 0;
}
END
if ! { ./exo-build.sh "$work/again.c" --libos minimal --no-prove -o "$work/image.elf" &&
	build/out/tools/exo-image extract "$work/image.elf" -o "$work/archive"; } >"$work/log" 2>&1; then
	echo "not ok restart/build ($(tail -n 1 "$work/log"))"
	exit 1
fi

for machine in pc q35 microvm; do
	rm -f "$work"/{console,debug}
	timeout 240 qemu-system-x86_64 -M $machine -accel tcg -cpu max -m 32 -smp 2 -nodefaults \
		-display none -kernel $kernel -initrd "$work/archive" -serial "file:$work/console" \
		-chardev "file,id=debug,path=$work/debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug </dev/null >"$work/log" 2>&1 &
	until [ "$(grep -c up "$work/console" 2>/dev/null)" -ge 3 ] 2>/dev/null || ! kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
	kill %% 2>/dev/null
	wait
	if [ "$(grep -c up "$work/console")" -ge 3 ] && ! grep -Eq '^exo: (exit|stop|panic)' "$work/debug"; then
		echo "ok restart/$machine"
	else
		echo "not ok restart/$machine ($(grep -c up "$work/console") starts; $(tail -n 1 "$work/debug"))"
		bad=1
	fi
done
exit $bad
