#!/bin/bash
# longest.sh - no call keeps interrupts off for 20,000 instructions, and each is counted.
# SPDX-License-Identifier: BSD-2-Clause
#
# Counted, not timed: under -icount a tick of the clock is an instruction (tests/bench/longest.c).

cd "$(dirname "$0")/../.." || exit 2
most=20000
rows=$(tests/bench/run.sh longest) || {
	echo 'not ok longest (the program did not end well)'
	exit 1
}
bad=0
while read -r name value _; do
	if [ "${value%.*}" -lt $most ]; then
		echo "# $name ${value%.*}"
		echo "ok $name"
	else
		echo "not ok $name (${value%.*} instructions, $most are too many)"
		bad=1
	fi
done <<<"$rows"
# A call that nobody counts may take as long as it likes.  machine does not return.
for call in $(sed -n 's/^EXO_CALL[0-9]([0-9]*, \([a-z_]*\).*/\1/p' exokernel/abi/exo/syscalls.def); do
	if [ $call = machine ] || grep -qE "^longest\.$call(_[a-z_]+)? " <<<"$rows"; then continue; fi
	echo "not ok longest.$call (is not counted)"
	bad=1
done
exit $bad
