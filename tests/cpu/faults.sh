#!/bin/bash
# faults.sh - what no program can cause: a machine check, non-maskable interrupts.
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU's monitor raises them while a program computes, which it does until something is typed.  A machine check ends in a
# panic that can be read; an NMI nobody asked for changes nothing.

cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'exec 3>&-; kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
kernel=build/out/kernel/exokernel
bad=0

cat >"$work/spin.c" <<'END'
#include <libexo/console.h>
#include <mini/mini.h>

int main(void)
{
	char c;

	mini_printf("busy\n");
	while (!xo_console_read(&c, 1))
		;
	mini_printf("still here\n");
	return 0;
}
END
if ! { ./exo-build.sh "$work/spin.c" --libos minimal --no-prove -o "$work/image.elf" &&
	build/out/tools/exo-image extract "$work/image.elf" -o "$work/archive"; } >"$work/log" 2>&1; then
	echo "not ok faults/build ($(tail -n 1 "$work/log"))"
	exit 1
fi

# machine CPUS: start it, its monitor behind descriptor 3, and wait until it computes
machine() {
	rm -f "$work"/{console,debug,monitor,line.in,line.out}
	mkfifo "$work"/{monitor,line.in,line.out}
	timeout 300 cat "$work/line.out" >"$work/console" &
	timeout 240 qemu-system-x86_64 -accel tcg -cpu max -m 32 -smp "$1" -nodefaults -display none \
		-no-reboot -kernel $kernel -initrd "$work/archive" -serial "pipe:$work/line" \
		-chardev "file,id=debug,path=$work/debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug -monitor stdio \
		<"$work/monitor" >"$work/log" 2>&1 &
	qemu=$!
	exec 3>"$work/monitor"
	until grep -qs busy "$work/console" || ! kill -0 $qemu 2>/dev/null; do
		sleep 0.1
	done
}

# check NAME FILE PATTERN...: each pattern is in the file
check() {
	local name=$1 file=$2 pattern
	shift 2
	for pattern; do
		if ! grep -aEq "$pattern" "$file"; then
			echo "not ok faults/$name (nothing matches /$pattern/ in: $(tail -n 3 "$file" | tr '\n' '|'))"
			bad=1
			return
		fi
	done
	echo "ok faults/$name"
}

for cpus in 1 2; do
	machine $cpus
	for _ in {1..200}; do
		echo nmi >&3
	done
	echo 'info name' >&3 # behind them: when it is read they have been raised
	until [ "$(grep -c 'info name' "$work/log")" -gt 0 ] || ! kill -0 $qemu 2>/dev/null; do
		sleep 0.1
	done
	exec 4<>"$work/line.in"
	echo >&4
	wait
	exec 4>&-
	exec 3>&-
	check "nmi-$cpus" "$work/debug" '^exo: exit 0$'
	check "nmi-$cpus-program" "$work/console" '^still here'

	machine $cpus
	echo 'mce 0 0 0xbd00000000000000 0x5 0x1234 0' >&3
	wait
	exec 3>&-
	check "machine-check-$cpus" "$work/debug" '^exo: panic CPU 0: exception 18$' \
		'^  trap 18 code 0 rip [0-9a-f]+ rsp [0-9a-f]+' '^exo: pc [0-9a-f]+$'
done
exit $bad
