#!/bin/bash
# streams.sh - standard output and standard error come apart at the other end.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

same() {	# NAME A B
	if cmp -s "$2" "$3"; then ok "$1"; else not_ok "$1" "$(cmp "$2" "$3" 2>&1)"; fi
}

gcc -O1 "$programs/streams.c" -o host && build 'build streams' "$programs/streams.c" -o streams.iso || exit 1
./host > want.out 2> want.err
for firmware in bios uefi; do
	"$exo" run streams.iso --firmware $firmware --timeout "$limit" > got.out 2> got.err < /dev/null
	same "standard output, $firmware" want.out got.out
	same "standard error, $firmware" want.err got.err
done
"$exo" run streams.iso --timeout "$limit" > got 2>&1 < /dev/null
if [ "$(wc -c < got)" -eq "$(cat want.out want.err | wc -c)" ]; then ok 'both in one'
else not_ok 'both in one' "$(wc -c < got) bytes"; fi
"$exo" run streams.iso --timeout "$limit" -- crash > got.out 2> got.err < /dev/null
same 'a crash says nothing on standard output' want.out got.out
if grep -aq '^crash: signal 6' got.err; then ok 'a crash explains itself on standard error'
else not_ok 'a crash explains itself on standard error' "$(tail -n 2 got.err | tr '\n' '|')"; fi
exit $((bad > 0))
