#!/bin/bash
# matrix.sh - hello of each libOS by every boot way, with 1, 2 and 4 CPUs.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

ways() {
	local libos=$1 want common format cpus firmware machine acpi
	for format in iso img qcow2 elf; do
		build "build $libos $format" "$programs/$libos.c" --libos $libos --arg hello \
			-o $libos.$format || return
	done
	want='^argv\[1\] = <hello>$'
	for cpus in 1 2 4; do
		common=(--cpus $cpus --timeout "$limit")
		for firmware in bios uefi; do
			boot "$libos $firmware CD $cpus CPUs" 0 "$want" $libos.iso \
				--firmware $firmware --bus cd "${common[@]}"
			boot "$libos $firmware disk $cpus CPUs" 0 "$want" $libos.iso \
				--firmware $firmware --bus disk "${common[@]}"
		done
		for machine in pc q35; do
			boot "$libos direct $machine $cpus CPUs" 0 "$want" $libos.elf \
				--firmware direct --machine $machine "${common[@]}"
		done
		for acpi in on off; do
			boot "$libos microvm ACPI $acpi $cpus CPUs" 0 "$want" $libos.elf \
				--firmware microvm --machine microvm,acpi=$acpi "${common[@]}"
		done
	done
	# The other suffixes, and each format by a way it was not made for.
	common=(--timeout "$limit" --cpus 2)
	boot "$libos .img bios" 0 "$want" $libos.img --firmware bios "${common[@]}"
	boot "$libos .qcow2 bios" 0 "$want" $libos.qcow2 --firmware bios "${common[@]}"
	boot "$libos .qcow2 direct" 0 "$want" $libos.qcow2 --firmware direct "${common[@]}"
	boot "$libos .iso microvm" 0 "$want" $libos.iso --firmware microvm "${common[@]}"
	boot "$libos .elf bios" 0 "$want" $libos.elf --firmware bios "${common[@]}"
	boot "$libos .elf uefi" 0 "$want" $libos.elf --firmware uefi "${common[@]}"
	boot "$libos .iso q35 CD" 0 "$want" $libos.iso --machine q35 "${common[@]}"
}
beside ways ${LIBOSES:-minimal posix}
exit $((bad > 0))
