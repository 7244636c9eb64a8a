#!/bin/bash
# attacks.sh - docs/hostile.md and docs/promises*.md name tests that exist; the first leaves none of the
# hostile ones out.
# SPDX-License-Identifier: BSD-2-Clause

cd "$(dirname "$0")/../.." || exit 2
document=docs/hostile.md
promises=docs/promises.md
posix=docs/promises-posix.md
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
named() { grep -oE '`[a-z0-9]+/[a-z0-9-]+`' | tr -d '`' | sort -u; }
named <$document | grep -E "^($(paste -sd '|' "$work/programs"))/" >"$work/named"

cut -d/ -f1 "$work/there" | sort -u | comm -23 "$work/programs" - >"$work/empty"
verdict every-program-has-tests "$work/empty"
grep '^| ' $promises | named | sort -u - "$work/named" | comm -23 - "$work/there" >"$work/unknown"
verdict named-tests-exist "$work/unknown"
comm -23 "$work/hostile" "$work/named" >"$work/left"
verdict hostile-tests-are-named "$work/left"
grep '^| ' $document | grep -v '^| It tries' | grep -vE '\| `[a-z0-9]+/[a-z0-9-]+`' >"$work/without"
verdict every-attack-has-a-test "$work/without"
# FILE.sh: WORDS, of any suite
grep -ohE '`[a-z0-9-]+\.sh: [^`]+`' $promises $posix | tr -d '`' | while IFS= read -r line; do
	grep -qF -- "${line#*.sh: }" tests/*/"${line%%: *}" 2>/dev/null || echo "$line;"
done >"$work/unheard"
verdict named-words-are-in-suites "$work/unheard"
grep -h '^| ' $promises $posix | grep -v '^| Promise' | grep -vE '\| `[^|]+\|$' >"$work/without"
verdict every-promise-has-a-test "$work/without"
# posix: PROGRAM RUN; conformance: FUNCTION; where it is built
grep '^| ' $posix | grep -oE '`posix: [^`]+`' | tr -d '`' | while read -r _ program run; do
	grep -qxF -- " * RUN:${run:+ $run}" "tests/posix/$program.c" 2>/dev/null ||
		{ [ -z "$run" ] && [ -f "tests/posix/$program.c" ]; } || echo "$program $run;"
done >"$work/unheard"
verdict named-posix-runs-exist "$work/unheard"
grep '^| ' $posix | grep -oE '`conformance: [^`]+`' | tr -d '`' | while read -r _ function; do
	grep -qF "| $function |" docs/conformance.md || echo "$function;"
done >"$work/unheard"
verdict named-functions-are-tested "$work/unheard"
sed -n 's/^| [^|]* | \([^|]*\) | .*/\1/p' $posix | grep -oE '`[^`]+`' | tr -d '`' | while read -r place; do
	[ -e "libos-posix/$place" ] || [ -e "$place" ] || echo "$place;"
done >"$work/unheard"
verdict places-exist "$work/unheard"
exit $bad
