# link.sh - the working half of exo-build.sh: compile, link, prove, sum up; sourced by it.
# SPDX-License-Identifier: BSD-2-Clause

# Names in the debug information do not depend on where this was done; __FILE__ is what was written.
compile_one() {	# SOURCE OBJECT
	local map=(-fdebug-prefix-map="$PWD"=.)
	case $1 in
	/* | ../*) map+=(-fdebug-prefix-map="$(dirname -- "$1")"=.) ;;
	esac
	"$top/build/exo-cc" --libos "$libos" -O2 -g "${map[@]}" "${flags[@]}" \
		-c "$1" -o "$2" 2> "$2.log"
}

# What the linker says about undefined symbols is one line each.
explain_link() {
	local file=$1
	if grep -q 'relocation truncated to fit' "$file"; then
		say "too large: the code and data of one program have to fit into 1 GiB"
		return
	fi
	grep -q 'undefined reference to' "$file" || { cat "$file" >&2; return; }
	if grep -q "undefined reference to .main'" "$file"; then
		say "there is no main() in ${sources[*]}"
	fi
	if [ "$libos" = none ] && grep -qE "undefined reference to .(exo_main|exo_upcall)'" "$file"; then
		say "without a libOS a program begins in exo_main() and has its upcalls in exo_upcall() (docs/your-own-libos.md)"
	fi
	sed -n "s/^.*ld: //; s/^\(.*[:)]\) *undefined reference to .\(.*\)'.*/\2\t\1/p" "$file" |
		awk -F '\t' -v work="$work/" '
		$1 == "main" || seen[$1]++ { next }
		{
			where = $2
			sub(/:$/, "", where)
			sub(/.*\.o: *in function.*: */, "", where)
			sub(/.*\.o:/, "", where)
			sub(/^(\.\/)+/, "", where)
			print "exo-build: undefined symbol: " $1 (where ~ /^[^(]*:[0-9]/ ? " (used in " where ")" : "")
		}' >&2
}

# The linker's words for what is none of its objects are short.
check_object() {	# FILE.o or FILE.a
	local head
	head=$(od -An -v -tx1 -N 20 -- "$1" | tr -d ' \n')
	case $1:$head in
	*.a:213c617263683e0a* | *.a:213c7468696e3e0a*) ;;
	*.a:*) fail "$1: not an archive of objects (ar)" ;;
	*.o:7f454c460201????????????????????01003e00) ;;
	*.o:7f454c46????????????????????????0[23]00*)
		fail "$1: a linked program or a shared library (for Linux?), not an object file" ;;
	*.o:7f454c46*) fail "$1: an object file for another processor, not for x86-64" ;;
	*.o:) fail "$1: an empty file, not an object file" ;;
	*) fail "$1: not an object file" ;;
	esac
}

# Static or shared, if nobody said it.  Programs in the root directory can be started by this one only
# if all have the same libOS, which is then there once.
choose_form() {
	local found=() line
	[ -z "$root" ] || mapfile -t found < <(find "$root" -type f -size +1 -print0 |
		xargs -0 -r "$exo_image" form)
	for line in "${found[@]}"; do
		case $line in
		shared*)
			if [ -z "$application" ] && [ -z "$form" ] && [ "$libos" = posix ]; then
				form=shared
				say "linking with libos-posix.so, because ${line#*$'\t'} imports it too (--link static forbids it)"
			fi ;;
		static*)
			say "note: ${line#*$'\t'} has a libOS of its own inside: no other program can start it" ;;
		esac
	done
	[ -n "$form" ] || form=static
}

build_application() {
	local file i=0 bad=0 n=0 static=()
	[ "$form" != static ] || static=(-static)
	objects=()
	for file in "${sources[@]}"; do
		case $file in
		*.o | *.a) check_object "$file"; objects+=("$file"); continue ;;
		esac
		i=$((i + 1))
		objects+=("$work/$i.o")
		compile_one "$file" "$work/$i.o" &
		# Two at a time: compilers are large, machines may be small.
		n=$((n + 1))
		[ $n -lt 2 ] || { wait -n || bad=1; n=$((n - 1)); }
	done
	while [ $n -gt 0 ]; do wait -n || bad=1; n=$((n - 1)); done
	cat "$work"/*.o.log >&2 2> /dev/null || true
	if [ $bad = 1 ]; then
		! grep -q 'unrecognized command-line option\|unrecognized argument' "$work"/*.o.log || exit 2
		fail "the compiler failed"
	fi
	"$top/build/exo-cc" --libos "$libos" "${static[@]}" "${objects[@]}" \
		"${link[@]}" -o "$work/application" 2> "$work/link.log" || {
		explain_link "$work/link.log"
		fail "the program does not link"
	}
}

form_text() {
	case $("$exo_image" form "${application:-$work/application}") in
	shared*) echo "shared: the program imports libos-posix.so, which is in the image" ;;
	*) echo "static: the program with its libOS inside" ;;
	esac
}

summary() {
	local ram
	ram=$(printf '%s\n' "${settings[@]}" | setting mem)
	if [ -n "$ram" ]; then ram=$(((ram + 1048575) >> 20)); else ram=$(default_ram "$least"); fi
	realpath -- "$image"
	echo "  size       $(stat -c %s -- "$image") bytes"
	echo "  form       $(form_text)"
	echo "  SHA-256    $(sha256sum < "$image" | cut -d ' ' -f 1)"
	echo "  least RAM  $least MiB ($proof; UEFI firmware alone needs about 48 MiB)"
	boot_lines "$ram" "$cpus"
}
