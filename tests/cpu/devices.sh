#!/bin/bash
# devices.sh - what the kernel finds out about the machine: virtio-mmio devices, time.
# SPDX-License-Identifier: BSD-2-Clause
#
# QEMU itself says what lies where (info qtree); its interrupts follow from the number of
# the transport (hw/i386/microvm.c: from 24 on with a second I/O APIC, from 16 with one, from 5
# without ACPI).

cd "$(dirname "$0")/../.." || exit 2
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

build/out/tools/exo-image pack build/out/tests/cpu/probe.elf -o "$work/archive" || exit 1
truncate -s 1M "$work/disk"

ok() {
	echo "ok devices/$1"
}

not_ok() {
	echo "not ok devices/$1 ($2)"
	bad=1
}

# boot NAME QEMU-ARGUMENT...: leaves what the program printed in $work/console.
boot() {
	local name=$1
	shift
	rm -f "$work"/{console,debug}
	timeout 240 qemu-system-x86_64 -accel tcg -cpu max -m 64 -nodefaults -no-user-config \
		-display none -no-reboot -kernel build/out/kernel/exokernel \
		-initrd "$work/archive" -serial "file:$work/raw" \
		-chardev "file,id=debug,path=$work/debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug "$@" </dev/null 2>"$work/err"
	tr -d '\r' <"$work/raw" >"$work/console"
	grep -qx 'exo: exit 0' "$work/debug" && return
	not_ok "$name" "$(tail -n 1 "$work/debug" "$work/err" | tr '\n' ' ')"
	return 1
}

# expected FIRST-IRQ QEMU-ARGUMENT...: a line for each device, as the program prints them
expected() {
	local first=$1
	shift
	printf '%s\n' 'info qtree' quit | timeout 240 qemu-system-x86_64 -accel tcg -S -nodefaults -no-user-config -display none \
		"$@" -monitor stdio | tr -d '\r' | awk -v first="$first" '
		BEGIN { id["net"] = 1; id["blk"] = 2; id["serial"] = 3; id["rng"] = 4 }
		$1 == "mmio" { split($2, at, "/"); address = at[1] }
		$1 == "bus:" && $2 ~ /^virtio-mmio-bus/ { split($2, bus, ".") }
		$1 == "dev:" && $2 ~ /^virtio-(net|blk|serial|rng)-device/ {
			split($2, kind, "-")
			sub(/^0+/, "", address)
			printf "device kind 1 id %d address %s irq %d version 2\n", id[kind[2]],
				address, first + bus[2]
		}' | sort
}

# devices NAME FIRST-IRQ COUNT QEMU-ARGUMENT...
devices() {
	local name=$1 first=$2 count=$3
	shift 3
	expected "$first" "$@" >"$work/expected"
	boot "$name" "$@" || return
	grep '^device' "$work/console" | sort >"$work/found"
	if [ "$(wc -l <"$work/expected")" != "$count" ]; then
		not_ok "$name" "QEMU itself shows $(wc -l <"$work/expected") devices, not $count"
	elif cmp -s "$work/expected" "$work/found"; then
		ok "$name"
	else
		not_ok "$name" "$(diff "$work/expected" "$work/found" | grep '^[<>]' | tr '\n' ';')"
	fi
}

some=(-global virtio-mmio.force-legacy=false -device virtio-rng-device
	-drive "if=none,id=disk,format=raw,file=$work/disk" -device virtio-blk-device,drive=disk
	-netdev user,id=net -device virtio-net-device,netdev=net)
devices 'microvm, ACPI' 24 3 -M microvm "${some[@]}"
devices 'microvm, ACPI, one I/O APIC' 16 3 -M microvm,ioapic2=off "${some[@]}"
devices 'microvm, no ACPI' 5 3 -M microvm,acpi=off "${some[@]}"
devices 'microvm, empty' 24 0 -M microvm
devices 'pc has none' 0 0 -M pc
devices 'q35 has none' 0 0 -M q35

# wall NAME SECONDS QEMU-ARGUMENT...: the program's clock shows SECONDS, or as much more as passed
wall() {
	local name=$1 want=$2 before shown passed
	shift 2
	before=$(date +%s)
	boot "$name" "$@" || return
	passed=$(($(date +%s) - before))
	shown=$(sed -n 's/^wall //p' "$work/console")
	if [ "$shown" -ge $((want - 2)) ] && [ "$shown" -le $((want + passed + 2)) ]; then
		ok "$name"
	else
		not_ok "$name" "$shown, not $want and at most $passed more"
	fi
}

wall 'wall clock, now' "$(date +%s)"
wall 'wall clock, now, q35' "$(date +%s)" -M q35
wall 'wall clock, now, microvm' "$(date +%s)" -M microvm
# QEMU 7.2 itself shows a wrong date from some time before 2096 on.
for at in 2000-01-01T00:00:00 2000-02-29T12:00:00 2000-02-29T23:59:59 2001-02-28T23:59:58 \
	2024-02-29T00:00:00 2024-12-31T23:59:58 2026-03-01T00:00:00 2038-01-19T03:14:07 \
	2080-02-29T23:59:59; do
	wall "wall clock, $at" "$(date -u -d "$at" +%s)" -rtc "base=$at"
done

for cpus in 1 2 4; do
	name="time never goes back on $cpus CPUs"
	boot "$name" -smp $cpus || continue
	if grep -qx "clock cpus $cpus backward 0" "$work/console"; then
		ok "$name"
	else
		not_ok "$name" "$(grep '^clock' "$work/console")"
	fi
done
exit $bad
