#!/bin/bash
# exo-build.sh - from C source to a bootable image on the exokernel.
# SPDX-License-Identifier: BSD-2-Clause
set -euo pipefail

command -v realpath > /dev/null || {
	echo "exo-build: missing: realpath (Debian package coreutils)" >&2
	exit 1
}
self=$(realpath "${BASH_SOURCE[0]}")
. "${self%/*}/build/common.sh"

usage() {
	cat <<-'TEXT'
	usage: exo-build.sh FILE... [option]... [-o IMAGE]     build an image
	       exo-build.sh pack FILE... -o IMAGE              several images in one (pack --help)
	       exo-build.sh run IMAGE [option]... [-- ARG...]  boot it in QEMU (run --help)
	       exo-build.sh inspect IMAGE [--json]             what is inside
	       exo-build.sh setup                              install what is missing from Debian
	       exo-build.sh --print WHAT                       the tools, for ./configure and CMake
	       exo-build.sh --help | --version

	FILE: C and assembly sources, objects, archives (.c .S .s .o .a), or one application that
	the compiler above linked.  gcc's options (-O2 -I -D -U -L -l -W -f -m -std -g -include ...)
	are passed on.

	  -o IMAGE          the suffix says the format: .iso (BIOS, UEFI; CD, disk), .img (the same
	                    bytes), .qcow2, .elf (direct boot: -kernel); else FILE's name with .iso
	  --libos L         posix (the default), minimal, or none: FILE... bring their own
	  --arg TEXT        an argument of the program; again for the next one
	  --env NAME=VALUE  an environment variable
	  --rootfs DIR      pack DIR as the program's root directory (changes to it last until power off)
	  --mem SIZE        RAM the image asks for, like 64M
	  --cpus N          CPUs the image asks for
	  --allow-wx        let the program have pages that are writable and executable
	  --run             boot it when built; ends with the program's status
	  --link FORM       static: the program has what it uses of libos-posix inside, and nothing
	                    else; shared: it imports libos-posix.so, which is in the image as a
	                    whole.  Else static, unless --rootfs has programs that import it
	  --no-prove        do not boot it to prove the least RAM

	WHAT: cc [--libos L], ar, ranlib, nm, strip, objcopy, ld, pkg-config   commands
	      bin              a directory of all of them, as exo-cc and as x86_64-exo-elf-gcc
	      host             what ./configure --host= wants
	      cmake-toolchain  a file for -DCMAKE_TOOLCHAIN_FILE=
	      cflags           what the compiler adds, for tools that read C themselves
	pkg-config finds only what EXO_PKG_CONFIG_PATH names.

	IMAGE.dbg beside the image keeps the symbols, for backtraces and gdb.
	Status: 0 done, 1 the build failed, 2 called wrongly.
	TEXT
}

options='--libos --link --arg --env --rootfs --mem --cpus --allow-wx --run --no-prove --print --help --version'

# The option that shares the longest beginning with what was written.
suggest() {
	local word best='' n most=3
	for word in $options; do
		n=0
		while [ $n -lt ${#word} ] && [ "${word:n:1}" = "${1:n:1}" ]; do n=$((n + 1)); done
		if [ $n -gt $most ]; then most=$n best=$word; fi
	done
	echo "${best:+ (did you mean $best?)}"
}

check_libos() {
	case $libos in
	posix | minimal | none) ;;
	*) wrong "no such libOS: $libos (there are posix and minimal; none: the program has its own)" ;;
	esac
}

print() {
	local what=${1:-} libos=posix
	case $what in
	cc | ar | ranlib | nm | strip | objcopy | ld | pkg-config | bin | host | cmake-toolchain | cflags) shift ;;
	*) wrong "--print can print: cc ar ranlib nm strip objcopy ld pkg-config bin host cmake-toolchain cflags" ;;
	esac
	while [ $# -gt 0 ]; do
		[[ $what =~ ^(cc|cflags)$ ]] && [ "$1" = --libos ] && [ $# -ge 2 ] ||
			wrong "--print $what takes no $1 (--print cc and cflags take --libos posix|minimal|none)"
		libos=$2
		shift 2
	done
	check_libos
	[ "$what" = host ] || make_tools "exo-$libos"
	case $what in
	cc)
		printf '%q' "$top/build/exo-cc"
		[ "$libos" = posix ] || printf ' --libos %s' "$libos"
		echo ;;
	bin) echo "$out/bin" ;;
	host) echo x86_64-exo-elf ;;
	cmake-toolchain) echo "$top/build/cmake/exo.cmake" ;;
	cflags) "$top/build/exo-cc" --libos "$libos" --exo-flags ;;
	*) printf '%q\n' "$out/bin/exo-$what" ;;
	esac
	exit 0
}

case ${1:-} in
'') usage >&2; exit 2 ;;
run) shift; exec "$top/build/run.sh" "$@" ;;
setup) shift; exec "$top/build/setup.sh" "$@" ;;
inspect)
	shift
	exec "$top/build/inspect.sh" "$@" ;;
pack) shift; exec "$top/build/pack.sh" "$@" ;;
--print) shift; print "$@" ;;
--version)
	sed -n 's/^#define EXO_RELEASE[[:space:]]*"\(.*\)"/exo-build.sh \1/p' \
		"$top/exokernel/abi/exo/version.h"
	exit 0 ;;
esac

sources=() objects=() flags=() link=() settings=() pack=()
image= form= libos=posix libos_said= root= run= prove=yes memory= cpus=

need_value() { [ "$1" -ge 2 ] || wrong "$2 needs a value"; }

while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage; exit 0 ;;
	--allow-wx) pack+=(--allow-wx) ;;
	--run) run=yes ;;
	--version | --print) wrong "$1 must be the only thing asked for, as the first word" ;;
	--no-prove) prove= ;;
	--libos | --link | --arg | --env | --rootfs | --mem | --cpus | -o)
		need_value $# "$1"
		case $1 in
		-o)
			[ -z "$image" ] || wrong "-o twice"
			[ -n "$2" ] || wrong "-o wants a name"
			image=$2 ;;
		--libos) libos=$2 libos_said=yes ;;
		--link)
			case $2 in static | shared) ;; *) wrong "--link is static or shared, not \"$2\"" ;; esac
			form=$2 ;;
		--arg) settings+=("arg=$2") ;;
		--env)
			[[ $2 == ?*=* ]] || wrong "--env wants NAME=VALUE, not \"$2\""
			settings+=("env=$2") ;;
		--rootfs) root=$2 ;;
		--mem) memory=$2 ;;
		--cpus) cpus=$2 ;;
		esac
		shift ;;
	-I | -D | -U | -include | -imacros | -isystem | -iquote | -idirafter | --param | -Xassembler | \
		-Xpreprocessor)
		need_value $# "$1"; flags+=("$1" "$2"); shift ;;
	-L | -l | -Xlinker | -u | -z) need_value $# "$1"; link+=("$1" "$2"); shift ;;
	-L* | -l* | -Wl,*) link+=("$1") ;;
	-c | -S | -E | -M | -MM | -fsyntax-only)
		wrong "$1: this makes images; to compile alone use \$(exo-build.sh --print cc)" ;;
	-static | -static-pie) form=static ;;
	-s | -rdynamic) ;; # symbols are beside the image, not in it
	-O* | -g* | -I* | -D* | -U* | -W* | -f* | -m* | -std=* | --std=* | -ansi | -pedantic* | -w | \
		-pipe | -trigraphs | -pthread | -pie | -no-pie | -nostdinc | -P)
		flags+=("$1") link+=("$1") ;;
	-*) wrong "unknown option $1$(suggest "$1"); exo-build.sh --help lists them" ;;
	*.cc | *.cpp | *.cxx | *.C | *.c++) wrong "$1: C++ is not supported" ;;
	*.so | *.so.[0-9]*) wrong "$1: shared libraries are not supported" ;;
	*) sources+=("$1") ;;
	esac
	shift
done

# Everything that can be wrong with the call is found before any work.
[ ${#sources[@]} -gt 0 ] || wrong "nothing to build: no source given"
check_libos
for file in "${sources[@]}"; do
	case $file in
	run | inspect | pack | setup) [ -e "$file" ] || wrong "\"$file\" must be the first word" ;;
	esac
	[ -e "$file" ] || fail "no such file: $file"
	[ -f "$file" ] || fail "cannot read $file: not a regular file"
	[ -r "$file" ] || fail "cannot read $file: permission denied"
done
[ "$libos" = posix ] || [ "$form" != shared ] || wrong "--link shared: there is only one shared libOS, posix"
application=
case ${sources[0]} in
*.c | *.S | *.s | *.o | *.a) ;;
*)
	[ "$(head -c 4 "${sources[0]}" | od -An -c | tr -d ' ')" = '177ELF' ] ||
		wrong "${sources[0]}: neither source (.c .S .s .o .a) nor a linked application"
	[ ${#sources[@]} -eq 1 ] || wrong "${sources[0]} is a linked application: nothing can be added"
	application=${sources[0]} ;;
esac
[ -z "$application" ] || [ -z "$form" ] || wrong "--link: $application is linked already"
for file in "${sources[@]:1}"; do
	case $file in
	*.c | *.S | *.s | *.o | *.a) ;;
	*) wrong "$file: what is this? sources end in .c .S .s .o .a" ;;
	esac
done
if [ -n "$root" ]; then
	[ -d "$root" ] || fail "--rootfs $root: no such directory"
	pack+=(--root "$root")
fi
if [ -n "$memory" ]; then
	bytes=$(bytes_of "$memory")
	[ -n "$bytes" ] || wrong "--mem wants a size like 64M (4096G at most), not \"$memory\""
	[ "$bytes" -ge $((2 << 20)) ] || wrong "--mem $memory: a machine needs at least 2 MiB of RAM"
	settings+=("mem=$bytes")
fi
if [ -n "$cpus" ]; then
	[[ $cpus =~ ^[1-9][0-9]?$ ]] && [ "$cpus" -le 64 ] || wrong "--cpus is 1 to 64, not \"$cpus\""
	settings+=("cpus=$cpus")
fi
name=${sources[0]##*/}
[ -n "$application" ] || name=${name%.*}
. "$top/build/output.sh"
open_output "${image:-$name.iso}"
if [ -n "$application" ] && [ -z "$libos_said" ]; then
	make_tools exo-base
	libos=$(libos_of "$application")
else
	make_tools "exo-$libos"
fi
export EXO_MADE=yes
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800}	# for __DATE__ too
. "$top/build/link.sh"
choose_form
[ -n "$application" ] || build_application
for setting in "${settings[@]}"; do pack+=(--setting "$setting"); done
archive_of "${application:-$work/application}" "$name" "$libos" "$work/archive" "${pack[@]}" || exit 1
make_output "$work/archive"
cp "${application:-$work/application}" "$part.dbg"
chmod "$(printf '%o' $((0666 & ~$(umask))))" "$part.dbg"

least=$("$exo_image" least-ram "$work/archive")
proof='computed, not proved'
[ "$libos" != none ] || prove=	# where its main is only the program knows
[ -z "$prove" ] || prove_ram "$work/archive"
[ -z "$memory" ] || [ "$bytes" -ge $((least << 20)) ] ||
	wrong "--mem $memory: this program needs at least ${least}M ($proof)"
place_output

if [ -n "$run" ]; then
	summary >&2
	"$top/build/run.sh" "$image" || exit $?
else
	text=$(summary)
	echo "$text" 2> /dev/null || fail "cannot write to standard output; $image is made"
fi
