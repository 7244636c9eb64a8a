#!/bin/bash
# loaded.sh - processes that come and go, on a machine with other work to do: turns end anywhere.
# SPDX-License-Identifier: BSD-2-Clause
cd "$(dirname "$0")/../.." || exit 2
bad=0
timeout 900 sh -c 'while :; do :; done' &
timeout 900 sh -c 'while :; do :; done' &
for round in 1 2 3 4; do
	tests/ports/busybox.sh || bad=1
	CPUS=2 tests/posix/run.sh exec spawn killed midway between || bad=1
done
kill $(jobs -p) 2> /dev/null
exit $bad
