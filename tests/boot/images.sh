#!/bin/bash
# images.sh - the commands of docs/images.md do what it says.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
unset MAKEFLAGS MAKELEVEL MFLAGS EXO_MADE
export TMPDIR=$work
cd "$top" || exit 1
. "$top/tests/boot/document.bash"
document images "$top/docs/images.md" 8
exit $((bad > 0))
