#!/bin/bash
# run.sh - exo-build.sh run: boot an image in QEMU and end with its program's status.
# SPDX-License-Identifier: BSD-2-Clause
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
	cat <<-TEXT
	usage: exo-build.sh run IMAGE [option]... [-- ARGUMENT...]
	Boots IMAGE (.iso .img .qcow2 .elf) in QEMU, console on stdin and stdout.
	  -m SIZE              RAM, like 64M (else what the image asks for, else its least
	                       RAM and some more, 128M or above)
	  --cpus N             CPUs (else what the image asks for, else 1)
	  --firmware F         bios, uefi, direct or microvm (else bios; direct for .elf)
	  --bus cd|disk        how bios and uefi see it (else cd for .iso, disk for the others)
	  --machine M          QEMU's -machine, for instance q35 or microvm,acpi=off
	  --env NAME=VALUE     one more environment variable
	  --kvm                use /dev/kvm
	  --gdb                wait for a debugger on port 1234
	  --keys               Ctrl-C, Ctrl-Z and their like are the program's, as a shell wants
	                       them; then Ctrl-A x ends the machine
	  --timeout S          stop after S seconds, with status 124
	  --verbose            show what the kernel logs, and QEMU's command line
	  -- ARGUMENT...       more arguments for the program
	Status: the program's own; 128 + signal if it crashed; 124 no end in time; 125 it died
	without a status (the image is damaged, the kernel refused or panicked, or nothing was heard);
	2 called wrongly.
	TEXT
}

image= memory= cpus= firmware= bus= machine= kvm= gdb= keys= timeout= verbose= stop= counted=
settings=() own=()
while [ $# -gt 0 ]; do
	case $1 in
	-m | --mem | --cpus | --firmware | --bus | --machine | --timeout | --env)
		[ $# -ge 2 ] || wrong "run: $1 needs a value"
		case $1 in
		-m | --mem) memory=$2 ;;
		--cpus) cpus=$2 ;;
		--firmware) firmware=$2 ;;
		--bus) bus=$2 ;;
		--machine) machine=$2 ;;
		--timeout) timeout=$2 ;;
		--env)
			[[ $2 == ?*=* ]] || wrong "run: --env wants NAME=VALUE, not \"$2\""
			own+=("env=$2") ;;
		esac
		shift ;;
	--kvm) kvm=yes ;;
	--gdb) gdb=yes ;;
	--keys) keys=yes ;;
	--verbose) verbose=yes ;;
	--stop-at-main) stop=yes ;;	# for exo-build.sh's proof of the least RAM
	--counted) counted=yes ;;	# for tests: the clock counts instructions, 125 to a microsecond
	-h | --help) usage; exit 0 ;;
	--) shift; for a; do own+=("arg=$a"); done; break ;;
	-*) wrong "run: unknown option $1; exo-build.sh run --help lists them" ;;
	*)
		[ -z "$image" ] || wrong "run: one image, please; the program's arguments come after --"
		image=$1 ;;
	esac
	shift
done

[ -n "$image" ] || wrong "run: no image given; exo-build.sh run --help tells more"
[ -f "$image" ] && [ -r "$image" ] || fail "cannot read $image"
format=${image##*.}
case $format in
iso | img | qcow2 | elf) ;;
*) wrong "run: $image: the suffix must be .iso, .img, .qcow2 or .elf" ;;
esac
if [ -z "$firmware" ]; then
	firmware=bios
	[ "$format" != elf ] || firmware=direct
fi
case $firmware in
bios | uefi | direct | microvm) ;;
*) wrong "run: --firmware is bios, uefi, direct or microvm, not \"$firmware\"" ;;
esac
case $bus in
cd | disk) ;;
'') bus=disk; [ "$format" != iso ] || bus=cd ;;
*) wrong "run: --bus is cd or disk, not \"$bus\"" ;;
esac
[ -z "$timeout" ] || [[ $timeout =~ ^[0-9]*\.?[0-9]+$ ]] || wrong "run: --timeout wants seconds, not \"$timeout\""

# Files opened below must not become one of these.
[ -e /proc/self/fd/1 ] || fail "standard output is closed: the console has nowhere to go"
[ -e /proc/self/fd/0 ] || exec < /dev/null
make_tools exo-tools
need qemu-system-x86_64
need mktemp
work=$(temporary)
trap 'rm -rf "$work"' EXIT

# What the image asks for; qcow2 is looked into by way of its raw form.
plain=$image
if [ "$format" = qcow2 ]; then
	plain=$work/raw
	raw_of "$image" "$plain" || exit 125
fi
# Firmware does not boot the one, nor -kernel the other: neither would say so.
magic=$(head -c 4 -- "$plain" | tr -d '\0')
case $format:$magic in
elf:$'\177ELF') ;;
elf:?*) say "$image: the suffix says .elf, but it is no ELF file"; exit 125 ;;
*:$'\177ELF') say "$image: the suffix says .$format, but it is an ELF file"; exit 125 ;;
esac
wanted=$("$exo_image" settings "$plain" --shown "$image") || exit 125
images=$("$exo_image" images "$plain" --shown "$image") || exit 125
if [ -n "$memory" ]; then
	bytes=$(bytes_of "$memory")
	[ -n "$bytes" ] || wrong "run: -m wants a size like 64M (4096G at most), not \"$memory\""
else
	bytes=$(setting mem <<< "$wanted")
	[ -n "$bytes" ] || bytes=$(($(default_ram "$("$exo_image" least-ram "$plain")") << 20))
fi
[ "$bytes" -ge $((2 << 20)) ] || wrong "run: a machine needs at least 2 MiB of RAM, -m gives $((bytes >> 10)) KiB"
if [ -z "$cpus" ]; then
	cpus=$(setting cpus <<< "$wanted")
	cpus=${cpus:-1}
fi
[[ $cpus =~ ^[1-9][0-9]?$ ]] && [ "$cpus" -le 64 ] || wrong "run: --cpus is 1 to 64, not \"$cpus\""
if [ "$firmware" = uefi ] && [ "$bytes" -lt $((48 << 20)) ]; then
	say "note: UEFI firmware alone needs about 48 MiB"
fi

if [ -n "$stop" ]; then
	stop=main
	[ -z "$images" ] || stop=images	# each where its main would be called, not the steward
	settings+=("stop=$stop")
fi
[ -z "$images" ] || [ ${#own[@]} -eq 0 ] ||
	wrong "run: ${own[0]#*=}: for which of the images? Their arguments and environment stand in their description"
settings+=("${own[@]}")
# Input that nobody types needs no editing, and it has an end: for libos-posix exo-run writes that
# into the stream and quotes bytes that would mean the same, and takes standard error apart from
# standard output.  libos-minimal takes and gives every byte as it is, and so do programs on none.  Of several images the one that
# gets the input counts, and the steward puts all output into tagged lines.
end=()
if [ ! -t 0 ]; then
	settings+=("tty=0")
	if [ -n "$images" ]; then
		if [ "$(awk -F '\t' '$3 == "yes" { print $2 }' <<< "$images")" = posix ]; then
			settings+=("input=quoted")
			end=(--end)
		fi
	elif ! [[ $(setting libos <<< "$wanted") =~ ^(minimal|none)$ ]]; then
		settings+=("input=quoted" "output=split")
		end=(--end --split)
	fi
fi
: > "$work/settings"
[ ${#settings[@]} -eq 0 ] || printf '%s\0' "${settings[@]}" > "$work/settings"
[ "$(stat -c %s "$work/settings")" -le 2560 ] ||
	wrong "run: arguments and environment are longer than 2560 bytes"

# The machine.
qemu=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none
	-m "$(((bytes + 1048575) >> 20))M" -smp "$cpus"
	-chardev stdio,id=console,signal=off -serial chardev:console
	-chardev "file,id=debug,path=$(commas "$work/debug")"
	-device isa-debugcon,iobase=0xe9,chardev=debug)
if [ -s "$work/settings" ]; then
	qemu+=(-fw_cfg "name=opt/exo/settings,file=$(commas "$work/settings")")
fi
if [ -n "$kvm" ]; then
	[ -w /dev/kvm ] || fail "--kvm: /dev/kvm cannot be opened by this user"
	qemu+=(-accel kvm -cpu host)
else
	qemu+=(-accel tcg -cpu max ${counted:+-icount shift=3,sleep=off})
fi
[ -z "$gdb" ] || qemu+=(-gdb tcp:127.0.0.1:1234 -S)

# Kernel and archive apart, for a boot without firmware's loaders or the other way round.
take_apart() {
	"$exo_image" kernel "$plain" -o "$work/kernel" &&
		"$exo_image" extract "$plain" -o "$work/archive" || exit 1
}

run=("$exo_run" "${end[@]}" --debug "$work/debug" --log "$work/console")
case $firmware in
direct | microvm)
	default=pc
	[ "$firmware" = direct ] || default=microvm
	qemu+=(-machine "${machine:-$default}")
	if [ "$format" = elf ]; then
		qemu+=(-kernel "$(realpath "$image")")
	else
		take_apart
		qemu+=(-kernel "$work/kernel" -initrd "$work/archive")
	fi ;;
bios | uefi)
	run+=(--banner)
	disk=$(realpath "$image")
	if [ "$format" = elf ]; then
		make_tools exo-base
		take_apart
		"$top/build/mkimage" iso "$work/kernel" "$work/archive" "$work/disk" || exit 1
		disk=$work/disk
	fi
	kind=raw
	[ "$format" != qcow2 ] || kind=qcow2
	qemu+=(-drive "if=none,id=image,format=$kind,readonly=on,file=$(commas "$disk")")
	if [ "$bus" = cd ]; then
		[ $kind = raw ] || wrong "run: a .qcow2 cannot be a CD"
		qemu+=(-device ide-cd,drive=image,bootindex=0)
	else
		qemu+=(-device virtio-blk-pci,drive=image,bootindex=0)
	fi
	if [ "$firmware" = bios ]; then
		qemu+=(-machine "${machine:-pc}")
	else
		# Boot entries of an earlier machine would be tried first: always a fresh copy.
		need /usr/share/OVMF/OVMF_CODE_4M.fd
		cp /usr/share/OVMF/OVMF_VARS_4M.fd "$work/vars"
		qemu+=(-machine "${machine:-q35}"
			-drive "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"
			-drive "if=pflash,unit=1,format=raw,file=$(commas "$work/vars")")
	fi ;;
esac

[ -z "$timeout" ] || run+=(--timeout "$timeout")
[ -z "$keys" ] || run+=(--keys)
if [ -n "$verbose" ]; then
	run+=(--verbose)
	say "running: ${qemu[*]@Q}"
fi
[ -z "$gdb" ] || say "waiting: gdb -ex 'target remote :1234' ${image@Q}.dbg${images:+/NAME} (the kernel: $out/kernel/exokernel.elf)"

. "$top/build/backtrace.sh"

# In the background, so that a signal to us reaches exo-run, which ends QEMU; Ctrl-C reaches it
# by itself.
"${run[@]}" -- "${qemu[@]}" <&0 &
child=$!
trap : INT
trap 'kill "$child" 2> /dev/null' TERM HUP
status=0
wait "$child" || status=$?
while kill -0 "$child" 2> /dev/null; do
	status=0
	wait "$child" || status=$?
done
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# Whatever becomes of these, the status is the program's.
[ $status -lt 128 ] && [ -z "$images" ] || backtraces || true
[ $status -ne 125 ] || ! grep -q '^exo: pc ' "$work/debug" 2> /dev/null || kernel_backtrace || true
exit $status
