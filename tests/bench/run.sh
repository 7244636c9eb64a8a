#!/bin/bash
# run.sh - run benchmarks and print their rows: name, value, unit.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/bench/run.sh [PART[,PART...]]     parts: boot micro longest arena posix threads signals processes memory
# (none: all but arena)
#
# The machine is emulated with one tick of its clock for each instruction
# (-icount shift=0), so figures in ticks are guest instructions and the same
# in every run.  `make bench` builds what is run here.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/bench
kernel=build/out/kernel/exokernel
unset MAKEFLAGS MAKELEVEL # exo-build.sh calls a make of its own

row() {
	printf '%-34s %12s %s\n' "$@"
}

# machine NAME QEMU-ARGUMENT...: start it and print the rows that its program prints
machine() {
	local name=$1 key value unit rows=0
	shift
	rm -f "$out/$name".{console,debug}
	timeout 240 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -cpu max -m 64 \
		-nodefaults -no-user-config -display none -no-reboot \
		-chardev "file,id=console,path=$out/$name.console" -serial chardev:console \
		-chardev "file,id=debug,path=$out/$name.debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug "$@" </dev/null
	if ! grep -qx 'exo: exit 0' "$out/$name.debug"; then
		echo "bench $name: did not end well:" >&2
		tail -n 5 "$out/$name.console" "$out/$name.debug" >&2
		return 1
	fi
	while read -r word key value unit; do
		[ "$word" = bench ] || continue
		row "$name.$key" "$value" "$unit"
		rows=$((rows + 1))
	done < <(tr -d '\r' <"$out/$name.console")
	[ $rows -gt 0 ]
}

size() {
	row "$1" "$(stat -c %s "$2")" bytes
}

# on_libexo NAME: the program that needs nothing but libexo
on_libexo() {
	build/out/tools/exo-image pack "$out/$1.elf" -o "$out/$1.archive" &&
		machine "$1" -kernel $kernel -initrd "$out/$1.archive"
}

micro() {
	on_libexo micro
}

longest() {
	on_libexo longest
}

# The measurements behind docs/decisions/007-one-arena.md.
arena() {
	on_libexo arena
}

boot() {
	local libos image
	size boot.kernel $kernel
	for libos in minimal posix; do
		image=$out/boot-$libos.elf
		./exo-build.sh tests/bench/boot.c --libos $libos --no-prove -o $image >/dev/null &&
			size boot-$libos.image $image &&
			machine boot-$libos -kernel $image || return 1
	done
}

# Calls of libos-posix.
posix() {
	local image=$out/posix.elf
	./exo-build.sh tests/bench/posix/calls.c -O2 --no-prove -o $image >/dev/null &&
		machine posix -kernel $image
}

# Threads, on one CPU.
threads() {
	local image=$out/threads.elf
	./exo-build.sh tests/bench/posix/threads.c -O2 --no-prove -o $image >/dev/null &&
		machine threads -kernel $image
}

# Signals of the calling process, on one CPU.
signals() {
	local image=$out/signals.elf
	./exo-build.sh tests/bench/posix/signals.c -O2 --no-prove -o $image >/dev/null &&
		machine signals -kernel $image
}

# Processes, on one CPU: of a static program, and of one with the shared libOS, where what is
# executed does nothing.
processes() {
	local image=$out/processes root=$out/processes.root
	rm -rf "$root" && mkdir -p "$root/bin" &&
		build/exo-cc -O2 -x c - -o "$root/bin/nothing" <<<'int main(void) { return 0; }' &&
		./exo-build.sh tests/bench/posix/processes.c -O2 --no-prove -o "$image-static.elf" >/dev/null &&
		machine processes-static -kernel "$image-static.elf" &&
		./exo-build.sh tests/bench/posix/processes.c -O2 --rootfs "$root" --link shared --no-prove -o "$image.elf" >/dev/null &&
		machine processes -kernel "$image.elf"
}

# Memory: malloc and mmap.
memory() {
	local name
	for name in malloc mmap; do
		./exo-build.sh "tests/bench/posix/$name.c" -O2 --no-prove -o "$out/$name.elf" >/dev/null &&
			machine "$name" -kernel "$out/$name.elf" || return 1
	done
}

parts=${1:-boot,micro,longest,posix,threads,signals,processes,memory}
failed=0
for part in ${parts//,/ }; do
	case $part in
	boot | micro | longest | arena | posix | threads | signals | processes | memory) $part || failed=1 ;;
	*)
		echo "run.sh: no part \"$part\": boot, micro, longest, arena, posix, threads, signals, processes or memory" >&2
		exit 2
		;;
	esac
done
exit $failed
