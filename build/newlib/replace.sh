#!/bin/bash
# replace.sh - leave out of newlib's libraries what libos-posix and musl's part have themselves.
# SPDX-License-Identifier: BSD-2-Clause
#
#     replace.sh ARCHIVE...
#
# A linker that met both would take one and complain about the other.  A member goes as a whole,
# so the archives must have everything it defines that programs may use
# (other names begin with an underscore).
set -euo pipefail

# Names nobody asks for that ours do not have.
unused='tm_year_base'

top=$(cd "$(dirname "$0")/../.." && pwd)
out=${EXO_OUT:-$top/build/out}

# Lines "symbol member" for everything the archives define.
defined() {
	nm -A --defined-only -g "$@" 2>/dev/null | sed -n 's/^[^:]*:\([^:]*\):[^ ]* . \(.*\)$/\2 \1/p'
}

# without LIBRARY: build/out/newlib/lib/LIBRARY.a from LIBRARY-full.a.
without() {
	local full=$out/newlib/lib/$1-full.a new=$out/newlib/lib/$1.a.$$ gone
	gone=$({ sed 's/ .*//; s/$/ @/' <<< "$ours"; printf '%s @\n' $unused; defined "$full"; } | awk '
		$2 == "@" { mine[$1] = 1; next }
		{ n[$2]++; if ($1 in mine) hit[$2]++; else if ($1 ~ /^_/) n[$2]--; else rest[$2] = rest[$2] " " $1 }
		END {
			for (m in hit)
				if (hit[m] == n[m]) print m
				else { print "newlib: " m " also defines" rest[m] > "/dev/stderr"; bad = 1 }
			exit bad
		}') || { echo "newlib: only a part of the members above is replaced" >&2; exit 1; }
	cp "$full" "$new"
	[ -z "$gone" ] || gcc-ar d "$new" $gone
	mv "$new" "$out/newlib/lib/$1.a"
}

ours=$(defined "$@")
trap 'rm -f "$out"/newlib/lib/*.a.$$' EXIT
without libc
without libm
