#!/bin/bash
# porting.sh - the commands of docs/porting.md do what it says.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
unset MAKELEVEL MFLAGS
export MAKEFLAGS=-j$(nproc)	# BusyBox is built on the way
export TMPDIR=$work
cd "$top" || exit 1
. "$top/tests/boot/document.bash"
document porting "$top/docs/porting.md" 20
exit $((bad > 0))
