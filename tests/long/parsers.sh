#!/bin/bash
# parsers.sh - the fuzz targets for a minute each, with a seed that is printed; then mistakes put into
# what they test, which they must find.
# SPDX-License-Identifier: BSD-2-Clause

cd "$(dirname "$0")/../.." || exit 2
FUZZ_SECONDS=${FUZZ_SECONDS:-60} tests/fuzz/run.sh
bad=$?
tests/fuzz/mutants.sh || bad=1
exit $bad
