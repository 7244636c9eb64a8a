#!/bin/bash
# prove.sh - the small worlds at length: whole ranges, deeper, under sanitizers, with mistakes put in.
# SPDX-License-Identifier: BSD-2-Clause
#
# PROVE_SECONDS: for each plan of the part that goes deeper.  PROVE=long-gcc and the like: a part alone.

cd "$(dirname "$0")/../.." || exit 2
make -s prove-build || exit 2
PROVE=${PROVE:-long} PROVE_SECONDS=${PROVE_SECONDS:-60} tests/prove/run.sh
