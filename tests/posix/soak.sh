#!/bin/bash
# soak.sh - forks, threads and exchanges in numbers: nothing of them is left, here and in the kernel's tables.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/posix/soak.sh [CPUS]      a few seconds; with a number of CPUs: minutes
. "$(dirname "$0")/../boot/lib.bash"
prepare
build 'soak' "$top/tests/long/soak.c" -O2 -I"$top/exokernel/abi" -I"$top/exokernel/libexo/include" \
	--link static -o "$work/soak.elf" || exit 1

# part NAME MEMORY CPUS [PART COUNT]...
part() {
	local name=$1 memory=$2 cpus=$3
	shift 3
	boot "soak $name, CPUs: $cpus" 0 '^whole$' "$work/soak.elf" --cpus "$cpus" --mem "$memory" \
		--timeout "$limit" -- "$@"
}

if [ $# -gt 0 ]; then
	limit=1200
	part 'of processes' 512M "$1" alive 1000 forks 100000
	part 'of exchanges' 64M "$1" threads 10000 pipes 500000 exchanges 500000
	part 'of paging' 64M "$1" paging 400
else
	part small 128M 1 forks 400 threads 500 pipes 2000 exchanges 2000 alive 100 paging 400
	part small 128M 2 forks 200 threads 200 pipes 1000 exchanges 1000 alive 50 paging 20
fi
exit $((bad > 0))
