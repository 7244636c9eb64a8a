#!/bin/bash
# readme.sh - the README's own commands do what it says.
# SPDX-License-Identifier: BSD-2-Clause
#
# In a block that begins with ```console, a line "$ COMMAND" is run in the tree's root, and each
# line after it must be in what it prints, in that order; "..." stands for any lines.  `make test`
# is what runs this.
. "$(dirname "$0")/lib.bash"
prepare
unset EXO_MADE MAKEFLAGS MAKELEVEL MFLAGS
cd "$top" || exit 1

count=0 command=
: > "$work/want"

check() {
	[ -n "$command" ] || return 0
	case $command in
	'make test'*) ok "README: $command (this is it)" ;;
	*)
		local status=0
		timeout $((limit * 10)) bash -c "$command" < /dev/null > "$work/out" 2>&1 || status=$?
		tr -d '\r' < "$work/out" > "$work/got"
		if [ $status -ne 0 ]; then
			not_ok "README: $command" "status $status: $(tail -n 2 "$work/got" | tr '\n' '|')"
		elif awk 'NR == FNR { want[++n] = $0; next } i < n && $0 == want[i + 1] { i++ }
			END { if (i < n) { print want[i + 1]; exit 1 } }' "$work/want" "$work/got" > "$work/lack"; then
			ok "README: $command"
		else
			not_ok "README: $command" "it does not print: $(cat "$work/lack")"
		fi ;;
	esac
	count=$((count + 1))
	: > "$work/want"
	command=
}

inside=
while IFS= read -r text; do
	case $inside,$text in
	,'```console') inside=yes ;;
	yes,'```') check; inside= ;;
	yes,'$ '*) check; command=${text#'$ '} ;;
	yes,... | yes,'') ;;
	yes,*) echo "$text" >> "$work/want" ;;
	esac
done < README.md
[ $count -gt 0 ] || not_ok 'README: commands' 'no ```console block with a command in README.md'
grep -q '^\$ make run$' README.md && grep -q '^\$ make test$' README.md ||
	not_ok 'README: two commands' 'make run and make test are not shown'
exit $((bad > 0))
