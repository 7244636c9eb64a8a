#!/bin/bash
# run.sh - the kernel's own C gone through in small worlds: as a suite, or at length.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/prove/run.sh      PROVE=long PROVE_SECONDS=300
#
# The short run takes each plan to the depth it names; `make prove` then goes one call less far with both
# compilers' sanitizers.  The long one takes each plan as deep as it comes in PROVE_SECONDS.  What each line means, and what
# it does not: docs/proofs.md.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/prove
bad=0

# run NAME COMMAND...: its lines are remarks, its status is the test's
run() {
	local name=$1
	shift
	if "$@" | sed 's/^/# /' && [ "${PIPESTATUS[0]}" = 0 ]; then
		echo "ok prove/$name"
	else
		echo "not ok prove/$name"
		bad=1
	fi
}

# part NAME: is it wanted?  The long run can be had in parts, of which none takes an hour.
part() {
	[ "${PROVE:-}" = long ] || [ "${PROVE:-}" = "long-$1" ]
}

if [[ ${PROVE:-} == long* ]]; then
	part ranges && run ranges $out/ranges 8
	part deep && run deep $out/fast/prove -d 60 -s "${PROVE_SECONDS:-300}"
	part gcc && run sanitized-gcc $out/gcc/prove
	part clang && run sanitized-clang $out/clang/prove
	part mutants && run mutants tests/prove/mutants.sh
else
	run ranges $out/ranges 6
	run plans $out/fast/prove
fi
if [ "${PROVE:-}" = all ]; then
	run sanitized-gcc $out/gcc/prove -m -1
	run sanitized-clang $out/clang/prove -m -1
fi
exit $bad
