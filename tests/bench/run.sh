#!/bin/bash
# run.sh - run benchmarks and print their rows: name, value, unit.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/bench/run.sh [PART[,PART...]]     parts: boot micro (none: both)
#
# The machine is emulated with one tick of its clock for each instruction
# (-icount shift=0), so figures in ticks are guest instructions and the same
# in every run.  `make bench` builds what is run here.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/bench
kernel=build/out/kernel/exokernel
failed=0

# machine NAME PROGRAM.elf [KEY=VALUE...]: pack it, boot it, print its rows
machine() {
	local name=$1 program=$2 settings=() s
	shift 2
	for s; do
		settings+=(--setting "$s")
	done
	build/out/tools/exo-image pack "$program" "${settings[@]}" -o "$out/$name.archive" || return 1
	rm -f "$out/$name".{console,debug}
	timeout 60 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -cpu max -m 64 \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel $kernel -initrd "$out/$name.archive" \
		-chardev "file,id=console,path=$out/$name.console" -serial chardev:console \
		-chardev "file,id=debug,path=$out/$name.debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug </dev/null
	if ! grep -qx 'exo: exit 0' "$out/$name.debug"; then
		echo "bench $name: did not end well:" >&2
		tail -n 5 "$out/$name.console" "$out/$name.debug" >&2
		return 1
	fi
	tr -d '\r' <"$out/$name.console" | awk -v part="$name" '
		$1 == "bench" { printf "%-36s %14s %s\n", part "." $2, $3, $4; rows++ }
		END { exit !rows }'
}

size() {
	printf '%-36s %14s %s\n' "$1" "$(stat -c %s "$2")" bytes
}

micro() {
	machine micro $out/micro.elf
}

boot() {
	local libos
	size boot.kernel $kernel
	for libos in minimal posix; do
		[ -e $out/boot-$libos.elf ] || continue
		machine boot-$libos $out/boot-$libos.elf || return 1
		size boot-$libos.archive $out/boot-$libos.archive
	done
}

parts=${1:-boot,micro}
for part in ${parts//,/ }; do
	case $part in
	boot | micro) $part || failed=1 ;;
	*)
		echo "run.sh: no part \"$part\": boot or micro" >&2
		exit 2
		;;
	esac
done
exit $failed
