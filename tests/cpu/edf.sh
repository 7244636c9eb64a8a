#!/bin/bash
# edf.sh - a scheduler at user level is in time where fixed priorities cannot be.
# SPDX-License-Identifier: BSD-2-Clause
#
# Under -icount a tick of the clock is an instruction: the figures are the same in every run.

cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# jobs ORDER: run apps/edf so; its lines go to $work/ORDER
jobs() {
	rm -f "$work/log"
	: >"$work/raw"
	./exo-build.sh apps/edf/*.c -O2 --libos minimal --no-prove --arg "$1" -o "$work/$1.elf" \
		>"$work/log" 2>&1 &&
		timeout 240 qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -cpu max -m 64 \
			-nodefaults -no-user-config -display none -no-reboot -kernel "$work/$1.elf" \
			-serial "file:$work/raw" </dev/null >"$work/log" 2>&1
	tr -d "\r" <"$work/raw" | grep '^edf: ' >"$work/$1"
}

# is NAME ORDER PATTERN: a line of that run matches
is() {
	if grep -Eqx "$3" "$work/$2"; then
		echo "ok edf/$1"
	else
		echo "not ok edf/$1 ($(tr '\n' '|' <"$work/$2") $(tail -n 1 "$work/log"))"
		bad=1
	fi
}

jobs deadline
jobs period
is 'first task in time' deadline 'edf: task 0: 70 jobs, 0 late, 0 cut'
is 'second task in time' deadline 'edf: task 1: 50 jobs, 0 late, 0 cut'
is 'the one without end is cut' deadline 'edf: task 2: 10 jobs, 9 late, 10 cut'
is 'by period the second is late' period 'edf: task 1: 50 jobs, [1-9][0-9]* late, 0 cut'

# 70 * 1.9 + 50 * 3.9 + 10 * 0.25 ms of work; the kernel's counters say the same within 1 %.
idle=$(sed -n 's/^edf: idle \([0-9]*\) of 350000 us.*/\1/p' "$work/deadline")
busy=$((350000 - ${idle:-0}))
if [ $busy -ge 330500 ] && [ $busy -lt 333800 ]; then
	echo 'ok edf/busy as long as the jobs are'
else
	echo "not ok edf/busy as long as the jobs are ($busy us)"
	bad=1
fi

# A policy is a small program: all of it, with its header, without comments and blank lines.
lines=$(cat apps/edf/edf.[ch] | grep -cvE '^[[:space:]]*(/?\*.*)?$')
if [ "$lines" -lt 150 ]; then
	echo "ok edf/a scheduler in $lines lines"
else
	echo "not ok edf/a scheduler in less than 150 lines ($lines)"
	bad=1
fi
exit $bad
