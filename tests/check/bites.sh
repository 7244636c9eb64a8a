#!/bin/bash
# bites.sh - each check of `make check` finds the fault that is planted for it.
# SPDX-License-Identifier: BSD-2-Clause
#
# A copy of the sources gets one fault at a time.  What may be wrong with the
# tree itself does not matter here: a fault is found if the check says a line
# that it did not say before and that matches what is expected.

cd "$(dirname "$0")/../.." || exit 2
top=$PWD
dir=$top/build/out/tests/check
rm -rf "$dir" && mkdir -p "$dir/build" && cp -r exokernel libos-minimal libos-posix steward apps tests docs \
	.clang-format "$dir" && cp -r build/check build/tools "$dir/build" || exit 2
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2

said() { build/check/run "$1" 2>&1 | grep -v '^check '; }

# plant CHECK FILE 'LINES TO APPEND' 'EXPECTED REGULAR EXPRESSION'
plant() {
	local check=$1 file=$2 fault=$3 expected=$4 name="check/$1/${2##*/}" before after
	before=$(said "$check")
	[ ! -e "$file" ] || cp "$file" saved
	printf '%s\n' "$fault" >>"$file"
	after=$(said "$check")
	if [ -e saved ]; then mv saved "$file"; else rm "$file"; fi
	if grep -vxFf <(printf '%s\n' "${before:-nothing}") <<<"$after" | grep -Eq "$expected"; then
		echo "ok $name"
	else
		echo "not ok $name (planted: $fault)"
	fi
}

plant layers exokernel/core/cap.c '#include <exo/stubs.h>' 'core may not include <exo/stubs.h>'
plant layers exokernel/lib/fmt.c '#include <core/env.h>' 'lib may not include <core/env.h>'
plant layers libos-minimal/src/pages.c '# include <x86_64/cpu.h>' 'may not include <x86_64/cpu.h>'
plant layers libos-posix/vm/brk.c '#include <mini/mini.h>' 'may not include <mini/mini.h>'
plant layers exokernel/libexo/map.c '#include "../core/env.h"' 'in quotes is for the same folder'
mkdir exokernel/new
plant layers exokernel/new/new.h 'int x;' 'no rule in layers.conf'
plant words exokernel/core/env.h 'int open_file(const char *my_path); /* thread */' 'open_file'
plant words exokernel/lib/util/fmt.h '#define MAX_PIDS 4' 'MAX_PIDS'
plant format exokernel/lib/fmt.c 'int  f ( void ) ;' 'exokernel/lib/fmt.c'
plant size tests/unit/long.c "$(yes 'int x;' | head -n 601)" 'long.c: more than 600 lines'
plant size libos-minimal/src/long.c "$(yes 'int x;' | head -n 1501)" 'libos-minimal: over its budget'
plant abi exokernel/abi/exo/map.h '#define EXO_NEW 1' 'constant EXO_NEW'
plant abi exokernel/abi/exo/ring.h $'struct exo_new {\n\tuint32_t a;\n};' 'struct exo_new 4'
plant abi exokernel/abi/exo/ring.h 'struct exo_new { int a; };' 'not understood'
plant abi exokernel/abi/exo/syscalls.def 'EXO_CALL1(39, new, exo_cap_t, cap)' 'call 39 new'
plant abi exokernel/abi/exo/new.h 'int x;' 'does not include exo/new.h'
plant docs exokernel/abi/exo/syscalls.def 'EXO_CALL1(39, new, exo_cap_t, cap)' 'new has no contract'
plant docs exokernel/abi/exo/syscalls.def $'/** Null again. */\nEXO_CALL0(0, again)' 'is taken'
plant docs exokernel/abi/exo/error.def 'EXO_ERROR(NEW, 99, "new")' 'make docs'
plant docs docs/status.md '[there](nowhere.md)' 'link to nowhere.md'
plant fuzzed steward/new.c 'int x;' 'steward/new.c: not in'
plant tested exokernel/lib/new.c 'int x;' 'no tests/unit/test_new.c'
plant mutants tests/prove/mutants.txt 'new cap.c caps s/no such text//' 'new: the expression changes nothing'

# What a suite inherits (tests/plain): a descriptor, signals and a mask that it must not meet.
inherits='ls /proc/self/fd | tail -n +5; trap -p PIPE TERM; umask; echo "${MAKEFLAGS-none}"'
plain=$(exec 40< /dev/null && trap '' PIPE TERM && umask 077 && MAKEFLAGS=n exec "$top/tests/plain" bash -c "$inherits")
if [ "$plain" = $'0022\nnone' ]; then echo 'ok tests/plain'; else echo "not ok tests/plain ($plain)"; fi
exit 0
