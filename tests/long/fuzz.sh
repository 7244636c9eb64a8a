#!/bin/bash
# fuzz.sh - 10^7 random calls, each predicted, and a million by children on all CPUs that cannot be.
# SPDX-License-Identifier: BSD-2-Clause
#
# SEED=N repeats; the seeds are printed.

cd "$(dirname "$0")/../.." || exit 2
seed=${SEED:-$((RANDOM << 15 | RANDOM))}
bad=0
for part in 0 1 2 3 4 5 6 7 8 9; do
	BOOT_TIMEOUT=1800 CALLS=1000000 SEED=$((seed + part * 1000000)) tests/kernel/run.sh model || bad=1
done
BOOT_TIMEOUT=1800 ROUNDS=1000 SEED=$seed tests/kernel/run.sh fuzz || bad=1
exit $bad
