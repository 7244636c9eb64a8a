#!/bin/bash
# image.sh - images taken apart, looked into and damaged, without booting them.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

mkdir -p root/bin root/etc/deep root/empty
echo one > root/etc/one
printf %5000s > root/bin/large
ln root/bin/large root/etc/deep/hard
ln -s ../etc/one root/bin/link
: > root/etc/nothing
for format in iso img qcow2 elf; do
	build "build $format" "$programs/minimal.c" --libos minimal --rootfs root --arg 'a "b"' \
		--env PATH=/bin --mem 64M --cpus 3 -o m.$format || exit 1
done

# All formats hold one archive.
"$exo_image" extract m.iso -o from.iso && "$exo_image" extract m.elf -o from.elf
qemu-img convert -O raw m.qcow2 raw && "$exo_image" extract raw -o from.qcow2
expect 'the same archive in .iso and .elf' 0 '' cmp from.iso from.elf
expect 'the same archive in .qcow2' 0 '' cmp from.iso from.qcow2
expect 'the same kernel in .iso' 0 '' bash -c '"$0" kernel m.iso -o k && cmp k "$1"' "$exo_image" \
	"$top/build/out/kernel/exokernel"

for format in iso img qcow2 elf; do
	expect "inspect .$format" 0 'libos=minimal' "$exo" inspect m.$format
done
expect 'inspect: SHA-256' 0 "$(sha256sum < m.iso | cut -d ' ' -f 1)" "$exo" inspect m.iso
expect 'inspect: SHA-256 of a .qcow2 is the file'"'"'s' 0 "$(sha256sum < m.qcow2 | cut -d ' ' -f 1)" \
	"$exo" inspect m.qcow2
expect 'inspect: protections' 0 'segment 0x[0-9a-f]+ r-x' "$exo" inspect m.iso
expect 'inspect: no write and execute' 0 'no page both writable and executable' "$exo" inspect m.iso
expect 'inspect: root' 0 '4 files \(5004 bytes\), 5 directories, 1 symbolic' "$exo" inspect m.iso
expect 'inspect: least RAM' 0 'least RAM [0-9]+ MiB' "$exo" inspect m.iso
expect 'inspect: ABI version' 0 'ABI version [0-9]' "$exo" inspect m.iso
expect 'inspect --json' 0 '"wx": false' "$exo" inspect --json m.iso
expect 'inspect --json quotes' 0 'arg=a \\"b\\"' "$exo" inspect m.iso --json
expect 'inspect: standard output is full' 1 'cannot write to standard output: No space' \
	bash -c '"$0" inspect m.iso > /dev/full' "$exo"
expect 'inspect: a kernel alone' 1 'without an image' "$exo" inspect "$top/build/out/kernel/exokernel.elf"
expect 'inspect: an ELF for Linux' 1 'not a bootable image' "$exo" inspect /bin/ls
expect 'inspect: text' 1 'not an image' "$exo" inspect "$programs/minimal.c"
: > nothing.iso
expect 'inspect: an empty file' 1 'not an image' "$exo" inspect nothing.iso

# SHA-256 against another implementation, around the block size.
for n in 1 50 55 56 63 64 65 119 120 128; do
	"$exo_image" pack "m.elf.dbg" --setting "$(printf "%$((n - 1))s" | tr ' ' x)" -o s.archive
	sum=$( (printf "%$((n - 1))s" | tr ' ' x; printf '\0') | sha256sum | cut -d ' ' -f 1)
	"$exo_image" inspect s.archive > said
	grep -q "settings .*$sum" said || echo "$n" >> sha.bad
done
expect 'SHA-256 of many lengths' 1 '' test -e sha.bad

# Damage: every kind is refused by name, before anything runs.
damage() {	# FILE OFFSET: flip a byte of a copy called bad.SUFFIX
	cp "$1" "bad.${1##*.}"
	printf "\\x$(printf %02x $((0x$(od -An -tx1 -j "$2" -N 1 "$1" | tr -d ' ') ^ 0x40)))" |
		dd of="bad.${1##*.}" bs=1 seek="$2" conv=notrunc status=none
}
at=$(LC_ALL=C grep -abo EXOXARCH m.iso | head -n 1 | cut -d : -f 1)
damage m.iso "$at"; expect 'damaged magic' 1 'not an archive' "$exo" inspect bad.iso
damage m.iso $((at + 8)); expect 'other version' 1 "version 65 of the exokernel's ABI" "$exo" inspect bad.iso
damage m.iso $((at + 12)); expect 'damaged header' 1 'header damaged' "$exo" inspect bad.iso
damage m.iso $((at + 70)); expect 'damaged entry' 1 'header damaged' "$exo" inspect bad.iso
damage m.iso $((at + 8192 + 100)); expect 'damaged program' 1 'contents damaged' "$exo" inspect bad.iso
expect 'run refuses damage' 125 'contents damaged' "$exo" run bad.iso
size=$(stat -c %s from.iso)
damage from.iso $((size - 4096)); mv bad.iso bad.archive
expect 'damaged root' 1 'contents damaged' "$exo_image" inspect bad.archive
for cut in $((at + 4096)) $((at + 9000)) 40000; do
	head -c "$cut" m.iso > bad.iso
	expect "truncated after $cut bytes" 1 'truncated' "$exo" inspect bad.iso
done
whole=$(stat -c %s m.iso)
head -c $((whole - 512)) m.iso > bad.iso
expect 'truncated at the end' 1 '^exo-image: bad.iso: truncated: it has [0-9]+ bytes of' "$exo" inspect bad.iso
expect 'run: truncated' 125 'bad.iso: truncated' "$exo" run bad.iso
head -c $(($(stat -c %s m.qcow2) - 70000)) m.qcow2 > bad.qcow2
expect 'truncated .qcow2' 1 'bad.qcow2: a damaged or truncated' "$exo" inspect bad.qcow2
expect 'run: truncated .qcow2' 125 'bad.qcow2: a damaged or truncated' "$exo" run bad.qcow2

# A name that says another format than there is.
cp m.iso other.elf; expect 'run: an ISO called .elf' 125 'it is no ELF file' "$exo" run other.elf
cp "$top/build/out/kernel/exokernel.elf" other.iso; expect 'run: an ELF called .iso' 125 'it is an ELF file' "$exo" run other.iso

# The kernel's bytes are in no archive; the one from the middle of its code is damaged.
"$exo_image" kernel m.iso -o k
kernel_at=$((0x$(readelf -lW k | awk '$1 == "LOAD" { print substr($2, 3); exit }') + 5000))
dd if=k of=mark bs=1 skip=$kernel_at count=16 status=none
for format in img elf iso; do
	at_kernel=$(LC_ALL=C grep -aboFf mark m.$format | head -n 1 | cut -d : -f 1)
	damage m.$format "$at_kernel"
	expect "damaged kernel in .$format" 1 "^exo-image: bad.$format: the kernel in it is damaged" "$exo" inspect bad.$format
	expect "run: damaged kernel in .$format" 125 "bad.$format: the kernel in it is damaged" "$exo" run bad.$format
done
qemu-img convert -O qcow2 bad.iso bad.qcow2
expect 'inspect names the .qcow2 itself' 1 '^exo-image: bad.qcow2: ' "$exo" inspect bad.qcow2

head -c 20000 m.elf > bad.elf && expect 'truncated .elf' 1 'truncated' "$exo" inspect bad.elf
head -c 100 m.elf > bad.elf && expect 'truncated .elf header' 1 'truncated' "$exo" inspect bad.elf
cp m.elf.dbg arm && printf '\xb7' | dd of=arm bs=1 seek=18 conv=notrunc status=none
expect 'an application for ARM' 1 'built for 64-bit ARM' "$exo" --no-prove ./arm
head -c 3000 m.elf.dbg > short && expect 'a truncated application' 1 'truncated' "$exo" --no-prove ./short

# An application of another ABI version: .exo.abi holds the number.
abi=$(readelf -SW m.elf.dbg | awk '{ for (i = 1; i < NF; i++) if ($i == ".exo.abi") print $(i + 3) }')
cp m.elf.dbg old && printf '\x63' | dd of=old bs=1 seek=$((0x$abi)) conv=notrunc status=none
expect 'an application of another ABI version' 1 'built for version 99' "$exo" --no-prove ./old

# The kernel refuses what got past the tools, at boot.
boot_raw() {	# [ARCHIVE]: what the kernel says of it, with the archive as initrd
	timeout "$limit" qemu-system-x86_64 -nodefaults -no-reboot -display none -accel tcg -cpu max -m 64M \
		-kernel "$top/build/out/kernel/exokernel" ${1:+-initrd "$1"} \
		-serial file:raw.console -debugcon file:raw.debug
	cat raw.debug
}
export -f boot_raw
export top limit
at=$(LC_ALL=C grep -abo EXOXPROG from.iso | head -n 1 | cut -d : -f 1)
damage from.iso "$at"
expect 'the kernel refuses a damaged program' 0 '^exo: refuse .*damaged' bash -c 'boot_raw bad.iso'
damage from.iso 12
expect 'the kernel refuses a damaged header' 0 '^exo: refuse .*damaged' bash -c 'boot_raw bad.iso'
damage from.iso 8
expect 'the kernel refuses another version' 0 '^exo: refuse .*version' bash -c 'boot_raw bad.iso'
head -c $((size - 4096)) from.iso > bad.iso
expect 'the kernel refuses a truncated archive' 0 '^exo: refuse .*truncated' bash -c 'boot_raw bad.iso'
expect 'the kernel refuses no archive' 0 '^exo: refuse .*archive' bash -c 'boot_raw'
exit $((bad > 0))
