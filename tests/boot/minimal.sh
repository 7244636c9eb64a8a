#!/bin/bash
# minimal.sh - the programs on libos-minimal print what is expected of them.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

# app NAME CPUS: output of apps/NAME and its `expected`, byte for byte.
app() {
	local name=$1 cpus=$2 status=0
	"$exo" run "$name.elf" --cpus "$cpus" --timeout "$limit" > out 2> err < /dev/null || status=$?
	tr -d '\r' < out > text
	if [ $status -ne 0 ]; then
		not_ok "$name $cpus CPUs" "status $status: $(tail -n 1 out err | tr '\n' ' ')"
	elif ! cmp -s text "$top/apps/$name/expected"; then
		not_ok "$name $cpus CPUs" "prints: $(diff text "$top/apps/$name/expected" | head -n 2 | tr '\n' ' ')"
	else
		ok "$name $cpus CPUs"
	fi
}

for name in hello-minimal pager zpager faults twocpus; do
	build "$name" --libos minimal "$top/apps/$name/"*.c -o "$name.elf" || continue
	for cpus in 1 2 4; do
		[ $name = twocpus ] && [ $cpus = 1 ] && continue
		app $name $cpus
	done
done
exit $((bad > 0))
