# lib.bash - what the suites of tests/boot share; sourced by them.
# SPDX-License-Identifier: BSD-2-Clause

set -uo pipefail
export LC_ALL=C
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Also a script that is started by hand, without tests/run.
[ -n "${EXO_PLAIN-}" ] || exec "$top/tests/plain" "$BASH" "$0" "$@"
exo=$top/exo-build.sh
programs=$top/tests/boot/programs
exo_image=$top/build/out/tools/exo-image
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
limit=${BOOT_TIMEOUT:-120}	# seconds for one boot: finds hangs, measures nothing
bad=0

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1 ($2)"; bad=$((bad + 1)); }

# Everything up to date once; the many calls of exo-build.sh below need not look again.
prepare() {
	"$exo" --print cc --libos minimal > /dev/null && "$exo" --print cc > /dev/null || {
		not_ok prepare 'the tree does not build'
		exit 1
	}
	export EXO_MADE=yes
}

# What came last on standard error; of a crash its beginning.
last_words() {
	{ grep -a -m 1 -A 6 '^crash: ' "$work/err" || tail -n 3 "$work/err"; } |
		grep -av '^backtrace: ' | tr '\n' '|' | tr -d '\r' | cut -c 1-400
}

# expect NAME STATUS PATTERN COMMAND...: the command ends with STATUS and what it prints, on
# stdout and stderr together, has a line that matches PATTERN (grep -E; empty: anything).
expect() {
	local name=$1 want=$2 pattern=$3 status=0
	shift 3
	timeout -k 5 $((limit * 2)) "$@" > "$work/out" 2> "$work/err" < "${input:-/dev/null}" || status=$?
	tr -d '\r' < "$work/out" | cat - "$work/err" > "$work/both"
	if [ $status -ne "$want" ]; then
		not_ok "$name" "status $status, not $want: $(last_words)"
	elif [ -n "$pattern" ] && ! grep -aqE -- "$pattern" "$work/both"; then
		not_ok "$name" "status is right, but nothing matches /$pattern/: $(tail -n 3 "$work/both" | tr '\n' '|' | cut -c 1-300)"
	else
		ok "$name"
	fi
}

# boot NAME STATUS PATTERN IMAGE [option of run]...: pass, fail, hang or died.
boot() {
	local name=$1 want=$2 pattern=$3 status=0
	shift 3
	timeout -k 5 $((limit * 2)) "$exo" run "$@" > "$work/out" 2> "$work/err" < "${input:-/dev/null}" || status=$?
	tr -d '\r' < "$work/out" > "$work/both"
	if [ $status -eq 124 ] && [ "$want" -ne 124 ]; then
		not_ok "$name" "hang: $(tail -n 1 "$work/both" | cut -c 1-200)"
	elif [ $status -eq 125 ] && [ "$want" -ne 125 ]; then
		not_ok "$name" "died: $(last_words)"
	elif [ $status -ne "$want" ]; then
		not_ok "$name" "fail: status $status, not $want: $(last_words)"
	elif [ -n "$pattern" ] && ! grep -aqE -- "$pattern" "$work/both" "$work/err"; then
		not_ok "$name" "fail: nothing matches /$pattern/: $(tail -n 2 "$work/both" | tr '\n' '|' | cut -c 1-200)"
	else
		ok "$name"
	fi
}

# build NAME ARGUMENT...: quietly; a failure is a failed test.
build() {
	local name=$1
	shift
	timeout -k 5 $((limit * 2)) "$exo" --no-prove "$@" > "$work/out" 2> "$work/err" || {
		not_ok "$name" "does not build: $(last_words)"
		return 1
	}
}

# beside COMMAND WORD...: the command with each of the words, at the same time, each in a folder of its own, and
# what each of them says in that order.
beside() {
	local command=$1 word pids=() i=0
	shift
	# Told to stop: what has been said so far tells where it hangs.
	trap 'cat "$work"/*.log; exit 143' TERM
	for word; do
		(
			work=$work/$word bad=0
			mkdir "$work" && cd "$work" || exit 1
			"$command" "$word" || bad=1
			exit $((bad > 0))
		) > "$work/$word.log" 2>&1 < /dev/null &
		pids+=($!)
	done
	for word; do
		wait "${pids[i++]}" || bad=$((bad + 1))
		cat "$work/$word.log"
	done
	trap - TERM
}
