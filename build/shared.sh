#!/bin/bash
# shared.sh - link libos-posix.so from the archives that programs link statically.
# SPDX-License-Identifier: BSD-2-Clause
#
#     shared.sh OUT START.o ARCHIVE... -- HIDDEN-ARCHIVE...
#
# It exports every name that a program may import: what the first group of archives defines, but
# for the libOS's inner names.  Where several define one, the first counts, as for any linker.
#
# newlib has functions that call what is not there yet; in a static link using one is an error that
# names what is missing.  Here such a function is left out, and using it is an error that names it.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
out=$1 start=$2
shift 2
archives=() hidden=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do archives+=("$1"); shift; done
[ $# -eq 0 ] || shift
hidden=("$@")
libgcc=$(gcc -print-libgcc-file-name)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Lines "ARCHIVE:MEMBER KIND NAME"; the archive as its number, so that the order is known.
symbols() {
	local i=0 file
	for file; do
		i=$((i + 1))
		nm -A -g "$file" 2> /dev/null | sed -nE "s/^[^:]*:([^:]*): *[0-9a-f]* ([A-Za-z]) (.*)\$/$i:\1 \2 \3/p"
	done
}

# Names of members that need nothing missing, theirs and those of the members they need.
symbols "${archives[@]}" "${hidden[@]}" "$libgcc" | awk -v exported=${#archives[@]} '
	BEGIN { split("main __image_start __image_end __text_start __text_end __rela_start __rela_end " \
		"_DYNAMIC _GLOBAL_OFFSET_TABLE_ __relro_start __relro_end end _end etext edata", l)
		for (i in l) if (l[i] != "main") from[l[i]] = "the linker" }
	$2 == "U" { needs[$1] = needs[$1] " " $3; next }
	$2 ~ /[wv]/ { next }
	!($3 in from) { from[$3] = $1 }
	END {
		do {
			again = 0
			for (m in needs) {
				if (m in bad) continue
				n = split(needs[m], need, " ")
				for (i = 1; i <= n; i++)
					if (!(need[i] in from) || from[need[i]] in bad) {
						bad[m] = need[i]; again = 1; break
					}
			}
		} while (again)
		for (s in from) {
			split(from[s], part, ":")
			if (from[s] in bad) print s, "needs", bad[from[s]] > "/dev/stderr"
			else if (part[1] + 0 >= 1 && part[1] + 0 <= exported && s !~ /^(px|xo|exo)_/ && s != "main") print s
		}
	}' 2> "$work/left-out" | LC_ALL=C sort > "$work/names"

{
	echo '{ global:'
	sed 's/.*/"&";/' "$work/names"
	echo 'local: *; };'
} > "$work/exports"
# What only this form has, and names in no program: loading programs that are executed.
{ sed 's/^/-u /' "$work/names"; echo '-u px_execute -u px_begin'; } > "$work/wanted"

# What a program may define in place of the libOS is called through the table; all else directly.
gcc -nostdlib -shared -Wl,--defsym,__exo_shared=1 -Wl,-T,"$top/build/user.ld" -Wl,-z,text -Wl,-z,noexecstack \
	-Wl,-z,relro -Wl,-z,max-page-size=4096 -Wl,--gc-sections -Wl,--build-id=none -Wl,--hash-style=sysv \
	-Wl,-soname,libos-posix.so -Wl,--no-undefined \
	-Wl,--dynamic-list="$top/libos-posix/interpose.list" -Wl,--version-script="$work/exports" \
	-Wl,@"$work/wanted" -o "$out.$$" "$start" \
	-Wl,--start-group "${archives[@]}" "${hidden[@]}" "$libgcc" -Wl,--end-group || {
	rm -f "$out.$$"
	exit 1
}
! readelf -lW "$out.$$" | awk '$1 == "TLS" && $6 != "0x000000" { exit 1 }' && {
	rm -f "$out.$$"
	echo "shared.sh: something of the libOS is thread-local (__thread): it belongs into struct px_thread" >&2
	exit 1
}
# newlib's assembly does not say that it is functions; linkers warn when they are imported.
symbols=$(readelf -SW "$out.$$" | sed -n 's/.* \.dynsym *DYNSYM *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
for i in $(readelf --dyn-syms -W "$out.$$" | awk '$4 == "NOTYPE" && $5 == "GLOBAL" && $7 != "UND" { print $1 + 0 }'); do
	printf '\022' | dd of="$out.$$" bs=1 seek=$((0x$symbols + 24 * i + 4)) conv=notrunc status=none
done
LC_ALL=C sort "$work/left-out" > "$out.left-out"
mv "$out.$$" "$out"
