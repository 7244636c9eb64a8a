#!/bin/bash
# apps.sh - the examples of apps/ print what their file `expected` says, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
#
# A line "RUN: arguments" in the first comment of an example is one run of it; "< FILE" at its end
# is standard input.  Each run starts in the example's root directory, if it has one.
. "$(dirname "$0")/lib.bash"
prepare

# runs FILE: of each run the arguments, a bar, the file for standard input.
runs() {
	sed -n '1,/\*\//s/^ \* RUN: *//p' "$1" | sed -E 's/ *< *(.*)$/|\1/; t; s/$/|/'
}

# transcript COMMAND...: what all runs of the example print, and their statuses that are not 0.
transcript() {
	local arguments input status
	while IFS="|" read -r arguments input; do
		status=0
		"$@" $arguments < "${input:-/dev/null}" || status=$?
		[ $status -eq 0 ] || echo "[status $status]"
	done < <(runs "$source")
}
on_linux() (
	[ ! -d "$app/root" ] || cp -a "$app/root/." "$work/root"
	exec 9<&0 && cd "$work/root" && exec env -i "$work/$name.linux" "$@" <&9 2>&1
)
here() { "$exo" run "$work/$name.elf" --timeout "$limit" -- "$@" 2>&1; }

for source in "$top"/apps/*/*.c; do
	[ -n "$(runs "$source")" ] || continue
	app=${source%/*} name=$(basename "$source" .c)
	cd "$app" && rm -rf "$work/root" && mkdir "$work/root" || exit 1
	gcc -std=gnu11 -Wall -Wextra -O2 "$source" -o "$work/$name.linux" -lm 2> "$work/err" || {
		not_ok "$name" "does not build for Linux: $(last_words)"
		continue
	}
	root=()
	[ ! -d root ] || root=(--rootfs root)
	build "$name" "$source" -O2 -Wall -Wextra -lm "${root[@]}" -o "$work/$name.elf" || continue
	for side in on_linux here; do
		transcript $side > "$work/$side" 2> "$work/err"
		if cmp -s expected "$work/$side"; then
			ok "$name $side"
		else
			not_ok "$name $side" "$(diff -a expected "$work/$side" | head -n 6 | cut -c 1-200 | tr '\n' '|')"
		fi
	done
done
exit $((bad > 0))
