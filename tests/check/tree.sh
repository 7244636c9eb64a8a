#!/bin/bash
# tree.sh - the tree passes its own checks (make check).
# SPDX-License-Identifier: BSD-2-Clause
cd "$(dirname "$0")/../.." || exit 2
build/check/run | sed -n 's/^check \([a-z]*\): ok.*$/ok check \1/p; s/^check \([a-z]*\): FAILED$/not ok check \1/p; /^    /p'
