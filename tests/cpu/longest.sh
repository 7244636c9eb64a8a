#!/bin/bash
# longest.sh - no call keeps interrupts off for 20,000 instructions.
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
exit $bad
