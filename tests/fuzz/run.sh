#!/bin/bash
# run.sh - the fuzz targets as a suite: "ok fuzz/NAME" for each.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/fuzz/run.sh [NAME...]     FUZZ_SECONDS=60  SEED=1      (no NAME: all)
#
# Without FUZZ_SECONDS each runs a fixed number of inputs, the same ones every time.  With it each
# runs for so long, with a seed that is printed, and goes on from the inputs of earlier runs, which are
# kept in build/out/tests/fuzz/NAME.corpus.  An input that shows a mistake is kept beside them.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/fuzz
read -ra all < <(make -s --no-print-directory fuzz-list) || exit 2
seconds=${FUZZ_SECONDS:-}
seed=${SEED:-$((RANDOM << 15 | RANDOM))}
[ -z "$seconds" ] && seed=1
bad=0

# one TARGET NAME RUNS
one() {
	local target=$1 name=$2 runs=$3 log=$out/$2.log figures more=()
	[ -e "tests/fuzz/fuzz_$target.dict" ] && more+=("-dict=tests/fuzz/fuzz_$target.dict")
	if [ -n "$seconds" ]; then
		mkdir -p "$out/$name.corpus"
		more+=("-max_total_time=$seconds" "$out/$name.corpus")
	else
		more+=("-runs=$runs")
	fi
	if "$out/$target" -seed="$seed" -timeout=120 -rss_limit_mb=3000 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix="$out/$name-" "${more[@]}" >"$log" 2>&1; then
		figures=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		[ -z "$seconds" ] || echo "# $name: $figures inputs, seed $seed"
		echo "ok fuzz/$name"
	else
		grep -E 'not so:|runtime error|ERROR|SUMMARY|^    #[0-9]+ |Test unit' "$log" | head -n 12 | sed 's/^/# /'
		echo "not ok fuzz/$name (seed $seed; $log)"
		bad=1
	fi
}

wanted() {
	local n
	[ $# -gt 1 ] || return 0
	for n in "${@:2}"; do [ "$n" = "$1" ] && return 0; done
	return 1
}

# two at a time; what each says is told whole
for target in "${all[@]}"; do
	wanted "${target%:*}" "$@" && echo "$target ${target%:*}"
	# kernel calls at length: in each of the worlds
	[ -n "$seconds" ] && [ "${target%:*}" = calls ] && wanted calls "$@" &&
		printf "$target calls-%s\n" caps revoke accounts seize gone maps large stale ranges
done >"$out/.targets"
while read -r target name; do
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
	(
		[[ $name == calls-* ]] && export PLAN=${name#calls-}
		one "${target%:*}" "$name" "${target#*:}" >"$out/$name.said"
	) &
done <"$out/.targets"
wait
while read -r _ name; do
	cat "$out/$name.said"
	grep -q '^not ok' "$out/$name.said" && bad=1
done <"$out/.targets"
exit $bad
