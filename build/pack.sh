#!/bin/bash
# pack.sh - exo-build.sh pack: several images become one.
# SPDX-License-Identifier: BSD-2-Clause
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$top/build/output.sh"
self=$top/exo-build.sh

usage() {
	cat <<-'TEXT'
	usage: exo-build.sh pack FILE... -o IMAGE [--mem SIZE] [--cpus N] [--run] [--no-prove]
	       exo-build.sh pack NAME.conf [-o IMAGE] [--run] [--no-prove]
	Makes one image of several: they run beside each other on one kernel, each in its own memory
	and with its own share of the CPUs; the steward starts them and tags the lines they print.

	FILE: an application that the compiler of exo-build.sh --print cc linked, or an image (.iso
	.img .qcow2 .elf) of one program or of several.  Each is named after its file.  It gets the
	memory and CPUs it was built to ask for (--mem, --cpus), else enough; the first one gets the
	console's input.

	NAME.conf: a description of the images and of what each gets (docs/images.md).

	  -o IMAGE     the suffix says the format: .iso .img .qcow2 .elf; else NAME.iso
	  --mem SIZE   RAM of the machine, like 256M; else what all of them need together
	  --cpus N     CPUs of the machine; else as many as they name
	  --run        boot it when made; ends with its status
	  --no-prove   do not boot it to prove the least RAM

	IMAGE.dbg is a folder that keeps the symbols of each, for backtraces and gdb.
	Status: 0 done, 1 it failed, 2 called wrongly.
	TEXT
}

declare -A line_of=()	# of the description, by file
files=() target=() machine=() run= prove=yes
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage; exit 0 ;;
	--run) run=yes ;;
	--no-prove) prove= ;;
	-o | --mem | --cpus)
		[ $# -ge 2 ] || wrong "pack: $1 needs a value"
		if [ "$1" = -o ]; then
			[ ${#target[@]} -eq 0 ] || wrong "pack: -o twice"
			[ -n "$2" ] || wrong "pack: -o wants a name"
			target=("$2")
		else
			machine+=("$1" "$2")
		fi
		shift ;;
	-?*) wrong "pack: unknown option $1; exo-build.sh pack --help lists them" ;;
	*) files+=("$1") ;;
	esac
	shift
done

[ ${#files[@]} -gt 0 ] || wrong "pack: nothing to pack; exo-build.sh pack --help tells more"
description=
for file in "${files[@]}"; do
	case $file in
	*.conf) description=$file ;;
	*.c | *.S | *.s | *.o | *.a) wrong "pack: $file: build an image of it first: exo-build.sh $file" ;;
	esac
	[ -e "$file" ] || fail "no such file: $file"
	[ -f "$file" ] || fail "cannot read $file: not a regular file"
	[ -r "$file" ] || fail "cannot read $file: permission denied"
done
if [ -n "$description" ]; then
	[ ${#files[@]} -eq 1 ] || wrong "pack: $description: a description names all the images: nothing can be added"
	[ ${#machine[@]} -eq 0 ] || wrong "pack: ${machine[0]}: a description says that itself (mem = SIZE, cpus = N)"
	name=${description##*/}
	name=${name%.conf}
else
	[ ${#target[@]} -gt 0 ] || wrong "pack: -o must say where the image goes"
	name=${target[0]##*/}
	name=${name%.*}
fi
open_output "${target[0]:-$name.iso}"
make_tools exo-pack
if [ -n "$description" ]; then
	"$exo_image" files "$description" > "$work/files" || exit 1
	files=()
	while read -r line file; do
		files+=("$file")
		line_of[$file]=${line_of[$file]:-$line}
	done < "$work/files"
fi

# told COMMAND FILE ARGUMENT...: what is wrong with a file is found in a line of the description, if there is one.
told() {
	local place=${line_of[$2]:+"$description:${line_of[$2]}: "}
	"$@" 2> "$work/told" && return
	place=$place awk '{ at = index($0, ": ") + 1; print substr($0, 1, at) ENVIRON["place"] substr($0, at + 1) }' \
		"$work/told" >&2
	return 1
}

# What is neither archive nor carries one in plain sight is made into one: those stand in for the files.
declare -A seen=() inside=() symbols=()
stand_ins=()
stand_in() {	# FILE CONTENTS
	stand_ins+=(--stand-in "$1" "$2")
	inside[$1]=$2
}
for file in "${files[@]}"; do
	[ -z "${seen[$file]:-}" ] || continue
	seen[$file]=yes
	[ ! "$image" -ef "$file" ] || wrong "pack: $file would be written over"
	inside[$file]=$file
	part_name=$work/${#seen[@]}
	case $(head -c 4 -- "$file" | tr -d '\0') in
	QFI*)
		need qemu-img
		told raw_of "$file" "$part_name.raw" || exit 1
		stand_in "$file" "$part_name.raw" ;;
	$'\177ELF')
		form=$("$exo_image" form "$file")
		[ "${form%%$'\t'*}" != image ] || continue
		[ "${form%%$'\t'*}" != shared ] || make_tools exo-posix
		told archive_of "$file" "${file##*/}" "$(libos_of "$file")" "$part_name.archive" || exit 1
		symbols[$file]=$file
		stand_in "$file" "$part_name.archive" ;;
	esac
done
request=(--description "$description")
[ -n "$description" ] || request=("${machine[@]}" "${files[@]}")
"$exo_image" pack-images --steward "$out/lib/steward" --kernel "$out/kernel/exokernel" "${stand_ins[@]}" \
	--setting "name=$name" --setting "kernel=$("$exo_image" kernel-sum "$out/kernel/exokernel")" \
	-o "$work/archive" "${request[@]}" || exit $?
make_output "$work/archive"

# The symbols of each, if they are beside its file and of this build.  No second copy of the same.
"$exo_image" images "$work/archive" > "$work/images"
mkdir "$part.dbg"
declare -A kept=()
keep() {	# NAME SYMBOLS
	if [ -n "${kept[$2]:-}" ]; then
		ln -- "$part.dbg/${kept[$2]}" "$part.dbg/$1"
		return
	fi
	cp -- "$2" "$part.dbg/$1"
	kept[$2]=$1
}
exec 3< "$work/images"
for file in "${files[@]}"; do
	"$exo_image" images "${inside[$file]}" | cut -f 1 > "$work/inner"
	several=$(wc -l < "$work/inner")
	[ "$several" -gt 0 ] || echo > "$work/inner"
	while read -r inner && IFS=$'\t' read -r own _ <&3; do
		from=${symbols[$file]:-$file.dbg${inner:+/$inner}}
		[ -f "$from" ] || continue
		! "$exo_image" same "$work/archive" "$from" --name "$own" 2> /dev/null || keep "$own" "$from"
	done < "$work/inner"
done
exec 3<&-

# RAM: what lies beside the kernel in a file that a boot loader reads, is inside it in an .elf.
plain=$part
[ "$format" != qcow2 ] || { plain=$work/plain; raw_of "$part" "$plain" || exit 1; }
least=$("$exo_image" least-ram "$plain")
wanted=$("$exo_image" settings "$work/archive")
ram=$(($(setting mem <<< "$wanted") >> 20))
proof='computed, not proved'
! cut -f 2 "$work/images" | grep -qx none || prove=	# where its main is only the program knows
[ -z "$prove" ] || EXO_MADE=yes prove_ram "$work/archive"
[ "$ram" -ge "$least" ] || fail "mem = ${ram}M: all together need at least ${least}M ($proof)"
place_output

summary() {
	realpath -- "$image"
	echo "  size       $(stat -c %s -- "$image") bytes"
	echo "  images     $(cut -f 1 "$work/images" | paste -sd ' ')"
	echo "  SHA-256    $(sha256sum < "$image" | cut -d ' ' -f 1)"
	echo "  least RAM  $least MiB ($proof; UEFI firmware alone needs about 48 MiB)"
	boot_lines "$ram" "$(setting cpus <<< "$wanted")"
}
if [ -n "$run" ]; then
	summary >&2
	"$top/build/run.sh" "$image" || exit $?
else
	text=$(summary)
	echo "$text" 2> /dev/null || fail "cannot write to standard output; $image is made"
fi
