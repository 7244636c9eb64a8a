#!/bin/bash
# soak.sh - forks, threads and exchanges in numbers: nothing of them is left, here and in the kernel's tables.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/posix/soak.sh [CPUS]      a few seconds; with a number of CPUs: minutes
. "$(dirname "$0")/../boot/lib.bash"
prepare
image() {
	build 'soak' "$top/tests/long/soak.c" -O2 -I"$top/exokernel/abi" -I"$top/exokernel/libexo/include" \
		--link static "$@" -o "$work/soak.elf" || exit 1
}
image

# part NAME MEMORY CPUS [PART COUNT]...
part() {
	local name=$1 memory=$2 cpus=$3
	shift 3
	boot "soak $name, CPUs: $cpus" 0 '^whole$' "$work/soak.elf" --cpus "$cpus" --mem "$memory" \
		--timeout "$limit" -- "$@"
}

# by_turns NAME MEMORY CPUS [PART COUNT]...: the CPUs take turns on one of the host's.  With more CPUs than the host has
# free, each wait for another CPU - its flush of a page, the kernel's lock - lasts until the host runs it.
by_turns() {
	local name=$1 memory=$2 cpus=$3 args=() word
	shift 3
	for word; do args+=(--arg "$word"); done
	image "${args[@]}"
	timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg,thread=single -cpu max -smp "$cpus" -m "$memory" -nodefaults \
		-no-user-config -display none -no-reboot -serial file:"$work/console" -kernel "$work/soak.elf" < /dev/null
	tr -d '\r' < "$work/console" > "$work/both"
	if grep -qx whole "$work/both"; then
		ok "soak $name, CPUs by turns: $cpus"
	else
		not_ok "soak $name, CPUs by turns: $cpus" "$(tail -n 2 "$work/both" | tr '\n' '|' | cut -c 1-200)"
	fi
}

if [ ${1:-0} -gt 2 ]; then
	limit=1800
	by_turns 'of paging' 64M "$1" paging 400
	by_turns 'of exchanges' 64M "$1" threads 10000 pipes 500000 exchanges 500000
	by_turns 'of processes' 512M "$1" alive 1000 forks 100000
	image
	limit=900
	part 'of all, few' 128M "$1" forks 400 threads 500 pipes 1000 exchanges 1000 alive 50 paging 20
elif [ $# -gt 0 ]; then
	limit=1200
	part 'of processes' 512M "$1" alive 1000 forks 100000
	part 'of exchanges' 64M "$1" threads 10000 pipes 500000 exchanges 500000
	part 'of paging' 64M "$1" paging 400
else
	part small 128M 1 forks 400 threads 500 pipes 2000 exchanges 2000 alive 100 paging 400
	part small 128M 2 forks 200 threads 200 pipes 1000 exchanges 1000 alive 50 paging 20
fi
exit $((bad > 0))
