#!/bin/bash
# attacks.sh - docs/hostile.md names tests that exist, and leaves none of the hostile ones out.
# SPDX-License-Identifier: BSD-2-Clause

cd "$(dirname "$0")/../.." || exit 2
document=docs/hostile.md
hostile='edf|exhaust|forgery|fuzz|hostile|leaks|model|races|ranges|replies|ring3|selftest|shares|stale'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# verdict NAME FILE: it is well if nothing is in the file
verdict() {
	if [ -s "$2" ]; then
		echo "not ok attacks/$1 ($(tr '\n' ' ' <"$2"))"
		bad=1
	else
		echo "ok attacks/$1"
	fi
}

grep -l '^const struct ktest ktests' tests/kernel/*.c | sed 's|.*/||; s|\.c$||' | sort >"$work/programs"
while read -r program; do
	sed -n '/^const struct ktest ktests/,$p' "tests/kernel/$program.c" | grep -oE '\{"[^"]+"' |
		sed "s|{\"|$program/|; s|\"||"
done <"$work/programs" | sort >"$work/there"
grep -E "^($hostile)/" "$work/there" >"$work/hostile"
# what is named there and is not the path of something else
grep -oE '`[a-z0-9]+/[a-z0-9-]+`' $document | tr -d '`' | sort -u |
	grep -E "^($(paste -sd '|' "$work/programs"))/" >"$work/named"

cut -d/ -f1 "$work/there" | sort -u | comm -23 "$work/programs" - >"$work/empty"
verdict every-program-has-tests "$work/empty"
comm -23 "$work/named" "$work/there" >"$work/unknown"
verdict named-tests-exist "$work/unknown"
comm -23 "$work/hostile" "$work/named" >"$work/left"
verdict hostile-tests-are-named "$work/left"
grep '^| ' $document | grep -v '^| It tries' | grep -vE '\| `[a-z0-9]+/[a-z0-9-]+`' >"$work/without"
verdict every-attack-has-a-test "$work/without"
exit $bad
