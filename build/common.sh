# common.sh - what exo-build.sh and its parts share; sourced by bash.
# SPDX-License-Identifier: BSD-2-Clause

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${EXO_OUT:-$top/build/out}
exo_image=$out/tools/exo-image
exo_run=$out/tools/exo-run

say() { echo "exo-build: $*" >&2; }
fail() { say "$@"; exit 1; }	# the build failed
wrong() { say "$@"; exit 2; }	# called wrongly

# need COMMAND-OR-FILE...: refuse to go on without; build/packages.txt knows the package.
need() {
	local thing package
	for thing; do
		case $thing in
		/*) [ ! -e "$thing" ] || continue ;;
		*) ! command -v "$thing" > /dev/null || continue ;;
		esac
		package=$(awk -v thing="$thing" '$2 == thing { print $1 }' "$top/build/packages.txt")
		fail "missing: $thing (Debian package ${package:-unknown}); exo-build.sh setup installs it"
	done
}

# Sizes as 64M, 1G, 4096K or bytes: print bytes, or nothing if that is no size of a machine's RAM.
bytes_of() {
	local n=${1%[KMGkmg]} shift=0
	[[ $n =~ ^[1-9][0-9]{0,12}$ ]] || return 0
	case $1 in
	*[Kk]) shift=10 ;;
	*[Mm]) shift=20 ;;
	*[Gg]) shift=30 ;;
	esac
	[ "$n" -gt $(((1 << 42) >> shift)) ] || echo $((n << shift))
}

# RAM in MiB for an image that asks for none, by its least RAM: with room for a heap.
default_ram() {
	local n=$(($1 + $1 / 8 + 16))
	echo $((n <= 128 ? 128 : (n + 63) & ~63))
}

# The last value of KEY in an image's settings (one per line on stdin).
setting() { sed -n "s/^$1=//p" | tail -n 1; }

# A directory for temporary files: where there is room for some.
temporary() {
	local dir
	dir=$(mktemp -d 2> /dev/null) && head -c 65536 /dev/zero > "$dir/room" 2> /dev/null && rm "$dir/room" || {
		rm -rf "${dir:-}"
		fail "no temporary files in ${TMPDIR:-/tmp}: not writable, or no space left (TMPDIR says where)"
	}
	echo "$dir"
}

# raw_of QCOW2 RAW: its contents.  What is missing at the end would be zeros.
raw_of() {
	local status=0
	need qemu-img
	qemu-img check -q -f qcow2 "$1" > /dev/null 2>&1 || status=$?
	if [ $status -ne 0 ] && [ $status -ne 3 ]; then	# 3: some space is lost, nothing else
		say "$1: a damaged or truncated .qcow2 file"
		return 1
	fi
	qemu-img convert -f qcow2 -O raw "$1" "$2" 2> "$2.log" && return
	say "$1 cannot be unpacked: $(tail -n 1 "$2.log")"
	return 1
}

# Options of QEMU are separated by commas: one inside a value is doubled.
commas() { printf '%s' "${1//,/,,}"; }

# all_made GOAL...: a tree that we may not write is as good as one just built, if all of it is there.
all_made() {
	local thing things=("$exo_image" "$exo_run")
	[ "$*" = exo-tools ] || things+=("$out"/grub/{bios,efi}.img "$out/kernel/exokernel")
	case $* in
	exo-none) things+=("$out"/lib/{crt0.o,libexo.a}) ;;
	exo-minimal) things+=("$out"/lib/{crt0.o,libos-minimal.a,libexo.a}) ;;
	exo-posix) things+=("$out"/lib/{crt0.o,crt1.o,libos-posix.so,static.done}) ;;
	exo-pack) things+=("$out"/lib/steward) ;;
	esac
	for thing in "${things[@]}"; do
		[ -e "$thing" ] || fail "$out cannot be written and lacks ${thing#"$out"/}; its owner can make -C $top $*"
	done
}

# make_tools GOAL...: bring the tree's products up to date, one of us at a time.  EXO_MADE: whoever
# called us has just done it.
make_tools() {
	[ -z "${EXO_MADE:-}" ] || return 0
	mkdir -p "$out" 2> /dev/null || fail "cannot write $out"
	if [ ! -w "$out" ] || { [ -e "$out/.exo-build.lock" ] && [ ! -w "$out/.exo-build.lock" ]; }; then
		all_made "$@"
		return
	fi
	need make gcc ld as strip flock
	(
		flock 9
		env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
			make -s --no-print-directory -C "$top" "$@" >&2 9>&-
	) 9> "$out/.exo-build.lock" || fail "the project itself does not build: make -C $top $*"
}
