#!/bin/bash
# arena.sh - what docs/decisions/007-one-arena.md says of kills, spinners and costs is still so.
# SPDX-License-Identifier: BSD-2-Clause

cd "$(dirname "$0")/../.." || exit 2
rows=$(tests/bench/run.sh arena) || {
	echo "not ok arena/bench ($(tail -n 1 <<<"$rows"))"
	exit 1
}
bad=0

value() {
	awk -v name="arena.$1" '$1 == name { print $2 + 0 }' <<<"$rows"
}

# is NAME VALUE
is() {
	if [ "$(value "$1")" = "$2" ]; then
		echo "ok arena/$1"
	else
		echo "not ok arena/$1 ($(value "$1"), not $2)"
		bad=1
	fi
}

# cheaper NAME NAME: in guest instructions
cheaper() {
	if awk "BEGIN { exit !($(value "$1") > 0 && $(value "$1") < $(value "$2")) }"; then
		echo "ok arena/$1 costs less than $2"
	else
		echo "not ok arena/$1 costs less than $2 ($(value "$1") and $(value "$2"))"
		bad=1
	fi
}

is kill_leaves_torn 0
is force_leaves_torn 1
is spinner_stops_neighbour 0
is server_lives_with_spinner 1
is server_outlives_client 1
cheaper move server_move
cheaper pipe_1 server_pipe_1
cheaper pipe_4096 server_pipe_4096
cheaper event_held_by_section event_at_once
exit $bad
