#!/bin/bash
# threads.sh - ten thousand threads on 1, 2 and 4 CPUs: all end, and nothing is left of them.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../boot/lib.bash"
prepare
build 'soak of threads' "$top/tests/long/threads.c" -O1 -D_GNU_SOURCE -o "$work/threads.elf" || exit 1
for cpus in 1 2 4; do
	boot "soak of threads, CPUs: $cpus" 0 '^10000 made, 1000 waited, pages lost: none$' "$work/threads.elf" \
		--cpus $cpus --timeout $((limit * 5))
done
exit $((bad > 0))
