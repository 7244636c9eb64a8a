#!/bin/bash
# threads.sh - ten thousand threads on 1, 2 and 4 CPUs: all end, and nothing is left of them.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../boot/lib.bash"
prepare
limit=600
build 'soak of threads' "$top/tests/long/threads.c" -O1 -D_GNU_SOURCE -o "$work/threads.elf" || exit 1
whole='^10000 made, 1000 waited, pages lost: none$'
for cpus in 1 2; do
	boot "soak of threads, CPUs: $cpus" 0 "$whole" "$work/threads.elf" --cpus $cpus --timeout $limit
done

# Four take turns on one of the host's: with more than the host has free, who unmaps a stack waits until it runs the others.
timeout -k 5 $limit qemu-system-x86_64 -accel tcg,thread=single -cpu max -smp 4 -m 128 -nodefaults -no-user-config \
	-display none -no-reboot -serial file:"$work/console" -kernel "$work/threads.elf" < /dev/null
tr -d '\r' < "$work/console" > "$work/both"
if grep -q "$whole" "$work/both"; then
	ok 'soak of threads, CPUs by turns: 4'
else
	not_ok 'soak of threads, CPUs by turns: 4' "$(tail -n 2 "$work/both" | tr '\n' '|' | cut -c 1-200)"
fi
exit $((bad > 0))
