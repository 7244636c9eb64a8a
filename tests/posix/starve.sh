#!/bin/bash
# starve.sh - calls that find only so many pages left, from none on: an error, and nothing is lost; a kill if nothing was promised.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../boot/lib.bash"
prepare
limit=600
build 'starve' "$top/tests/long/starve.c" -O2 -D_GNU_SOURCE -I"$top/exokernel/abi" \
	-I"$top/exokernel/libexo/include" -I"$top/libos-posix" --link static -o "$work/starve.elf" || exit 1
# usage: tests/posix/starve.sh [CPUS]...
[ $# -gt 0 ] || set -- 1
for cpus; do
	boot "starve, CPUs: $cpus" 0 '^whole$' "$work/starve.elf" --cpus "$cpus" --mem 16M --timeout "$limit"
done
exit $((bad > 0))
