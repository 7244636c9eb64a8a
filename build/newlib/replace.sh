#!/bin/bash
# replace.sh - leave out of newlib's libc.a what libos-posix has itself.
# SPDX-License-Identifier: BSD-2-Clause
#
# A linker that met both would take one and complain about the other.  A member goes as a whole,
# so libos-posix must have everything it defines that programs may use
# (other names begin with an underscore).
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
out=${EXO_OUT:-$top/build/out}
ours=$1
full=$out/newlib/lib/libc-full.a
libc=$out/newlib/lib/libc.a

# Lines "symbol member" for everything an archive defines.
defined() {
	nm -A --defined-only -g "$1" 2>/dev/null | sed -n 's/^[^:]*:\([^:]*\):[^ ]* . \(.*\)$/\2 \1/p'
}

gone=$({ defined "$ours" | sed 's/ .*//; s/$/ @/'; defined "$full"; } | awk '
	$2 == "@" { mine[$1] = 1; next }
	{ n[$2]++; if ($1 in mine) hit[$2]++; else if ($1 ~ /^_/) n[$2]--; else rest[$2] = rest[$2] " " $1 }
	END {
		for (m in hit)
			if (hit[m] == n[m]) print m
			else { print "newlib: " m " also defines" rest[m] > "/dev/stderr"; bad = 1 }
		exit bad
	}') || { echo "newlib: libos-posix replaces only a part of the members above" >&2; exit 1; }
new=$libc.$$
trap 'rm -f "$new"' EXIT
cp "$full" "$new"
[ -z "$gone" ] || gcc-ar d "$new" $gone
mv "$new" "$libc"
