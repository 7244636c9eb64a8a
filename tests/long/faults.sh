#!/bin/bash
# faults.sh - what is known to fail now and then (docs/status.md), on a machine with other work to do.
# SPDX-License-Identifier: BSD-2-Clause
cd "$(dirname "$0")/../.." || exit 2
bad=0
timeout 900 sh -c 'while :; do :; done' &
timeout 900 sh -c 'while :; do :; done' &
for round in 1 2 3 4; do
	KNOWN_FAULTS=yes tests/ports/busybox.sh || bad=1
done
CPUS=2 tests/posix/run.sh exec spawn killed || bad=1
kill $(jobs -p) 2> /dev/null
exit $bad
