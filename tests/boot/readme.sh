#!/bin/bash
# readme.sh - the README's own commands do what it says.
# SPDX-License-Identifier: BSD-2-Clause
#
# "Run it": an indented block that begins with a command, and a later one with what it must print,
# lines in that order, "..." standing for any lines.  "Use it": each line is run in a folder that
# has the files it names.
. "$(dirname "$0")/lib.bash"
prepare
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$top" || exit 1

section() {	# TITLE: its indented lines, without the indent; an empty line between blocks
	awk -v title="## $1" '
		/^## / { inside = $0 == title; next }
		inside && /^    / { print substr($0, 5); block = 1; next }
		inside && block { print ""; block = 0 }' "$top/README.md"
}

# The lines of FILE occur in stdin in that order; else print the first that does not.
in_order() {
	awk 'NR == FNR { if ($0 != "...") want[++n] = $0; next }
		i < n && index($0, want[i + 1]) { i++ }
		END { if (i < n) { print want[i + 1]; exit 1 } }' "$1" -
}

command='' shown=
: > "$work/want"
finish() {
	[ -n "$command" ] || return 0
	local status=0 lack
	if [ "$command" = 'make test' ]; then
		ok 'README: make test (this is part of it)'
	else
		timeout $((limit * 10)) bash -c "$command" < /dev/null > "$work/out" 2> "$work/err" || status=$?
		if [ $status -ne 0 ]; then
			not_ok "README: $command" "status $status: $(last_words)"
		elif lack=$(tr -d '\r' < "$work/out" | in_order "$work/want"); then
			ok "README: $command"
		else
			not_ok "README: $command" "it does not print: $lack"
		fi
	fi
	shown="$shown/$command/"
	: > "$work/want"
	command=
}

first=yes
while IFS= read -r line; do
	case $first,$line in
	yes,make* | yes,./*) finish; command=$line first= ;;
	*,'') first=yes ;;
	*) echo "$line" >> "$work/want"; first= ;;
	esac
done < <(section 'Run it')
finish
case $shown in
*/make\ run/*/make\ test/*) ok 'README: two commands' ;;
*) not_ok 'README: two commands' "make run and make test are not what \"Run it\" shows: $shown" ;;
esac

mkdir -p "$work/use/root" && cd "$work/use" || exit 1
ln -s "$exo" exo-build.sh
cp "$programs/posix.c" app.c
echo 'int util(void) { return 1; }' > util.c
cp "$top/apps/pager/main.c" pager.c
eval "$("$exo" --print cc) app.c -o prog"	# its path may need the quotes
count=0
while IFS= read -r line; do
	line=${line%%  #*}
	line=${line%"${line##*[! ]}"}
	[ -n "$line" ] || continue
	count=$((count + 1))
	expect "README: $line" 0 '' bash -c "$line"
done < <(section 'Use it')
[ $count -gt 0 ] || not_ok 'README: examples' 'no command under "Use it"'
exit $((bad > 0))
