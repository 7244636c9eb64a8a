#!/bin/bash
# static.sh - the libOS's archives as programs link them statically: a program's own names win.
# SPDX-License-Identifier: BSD-2-Clause
#
#     static.sh EXO-NAMES OUT ARCHIVE... -- INNER-ARCHIVE...
#
# What the first group defines is for programs, what the second does is not; exo-names says what is
# done with either.  A shared libos-posix.so behaves so anyway.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
tool=$1 out=$2
shift 2
archives=() inner=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do archives+=("$1"); shift; done
[ $# -eq 0 ] || shift
inner=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

defined() { nm -g --defined-only "$@" 2> /dev/null | awk 'NF == 3 && $3 !~ /^(px|xo|exo)_/ && $3 != "main" { print $3 }'; }

sed -n 's/^[[:space:]]*\([a-z_]*\);$/weak \1/p' "$top/libos-posix/interpose.list" > "$work/list"
defined "${archives[@]}" | sed 's/^/alias /' >> "$work/list"
defined "${inner[@]}" | sed 's/^/rename /' >> "$work/list"
awk '!seen[$2]++' "$work/list" > "$work/once"	# what was said first holds
mkdir -p "$out"
for file in "${archives[@]}" "${inner[@]}"; do
	name=${file##*/}
	"$tool" "$work/once" "$file" "$work/$name"
	gcc-ranlib -D "$work/$name"
	mv "$work/$name" "$out/.$name.$$"	# maybe from another file system
	mv "$out/.$name.$$" "$out/$name"
done
