#!/bin/bash
# models.sh - processors: the least that is enough, what is refused, and by which name.
# SPDX-License-Identifier: BSD-2-Clause
#
# The program is the kernel test of vector registers, which cares most.  Each
# optional feature is taken away alone too, so that every plain path runs.

cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kernel=build/out/kernel/exokernel
least=qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+fsgsbase
bad=0

if ! build/out/tools/exo-image pack build/out/tests/kernel/vectors.elf -o "$work/archive" >"$work/log" 2>&1; then
	echo "not ok cpu/build ($(tail -n 1 "$work/log"))"
	exit 1
fi

# boot NAME CPU 'EXPECTED LINE ON THE DEBUG CONSOLE'
# What is refused before 64-bit mode only halts: then the line is enough.
boot() {
	local why= expected=${3#halt }
	rm -f "$work/debug"
	timeout 240 qemu-system-x86_64 -accel tcg -cpu "$2" -m 32 -nodefaults -display none \
		-no-reboot -kernel $kernel -initrd "$work/archive" -serial "file:$work/console" \
		-chardev "file,id=debug,path=$work/debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug </dev/null >"$work/log" 2>&1 &
	if [ "$expected" != "$3" ]; then
		until grep -Eqsx "$expected" "$work/debug" || ! kill -0 $! 2>/dev/null; do
			sleep 0.1
		done
		kill $! 2>/dev/null
		wait
	else
		wait $! || why="qemu: status $?; "
	fi
	if [ -z "$why" ] && grep -Eqx "$expected" "$work/debug"; then
		echo "ok cpu/${1//\\/}"
	else
		echo "not ok cpu/${1//\\/} ($why$(tail -n 1 "$work/debug"))"
		bad=1
	fi
}

boot least "$least" 'exo: exit 0'
for f in smep smap umip pku xsave rdrand rdseed; do
	boot "max without $f" "max,-$f" 'exo: exit 0'
done
boot 'max without avx' max,-avx,-avx2 'exo: exit 0'
while read -r flag name; do
	boot "refused without $name" "max,-$flag" "exo: refuse .*lacks $name[ ,].*"
done <<'LIST'
pni SSE3
ssse3 SSSE3
cx16 CMPXCHG16B
sse4.1 SSE4\.1
sse4.2 SSE4\.2
popcnt POPCNT
lahf-lm LAHF
fsgsbase FSGSBASE
LIST
boot 'refused without NX' max,-nx 'halt exo: refuse .*no-execute.*'
boot 'refused without long mode' max,-lm 'halt exo: refuse .*64-bit.*'
exit $bad
