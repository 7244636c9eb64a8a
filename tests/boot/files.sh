#!/bin/bash
# files.sh - files until memory ends and in large numbers; the terminal.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

if build 'build files' "$programs/files.c" -O2 -o files.elf; then
	boot 'files fill memory' 0 '^ok$' files.elf -m 16M --timeout "$limit" -- full
	boot 'files fill a small machine' 0 '^ok$' files.elf -m 4M --timeout "$limit" -- full
	boot 'names fill memory' 0 '^ok$' files.elf -m 8M --timeout "$limit" -- names
	boot '20000 names in a directory' 0 '^ok$' files.elf -m 32M --timeout "$limit" -- crowd
	boot 'a file of 100 MB' 0 '^ok$' files.elf -m 256M --timeout "$limit" -- large
fi
exit $((bad > 0))
