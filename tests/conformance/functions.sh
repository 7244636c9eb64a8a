#!/bin/bash
# functions.sh - docs/posix.md says of each function of POSIX.1-2017 what is so.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/conformance/functions.sh [print]     (print: write the document as it should be to stdout)
#
# A function is there if its header declares it as the standard does, to a program that asks for
# POSIX only, and the library has it.  posix.partly says what of it is missing in the words of who tried.
. "$(dirname "$0")/../boot/lib.bash"
prepare
here=$top/tests/conformance
lib=$top/build/out/lib
flags=(-std=c99 -D_XOPEN_SOURCE=700 -w -fno-builtin -fmax-errors=0 -fno-diagnostics-show-caret -fsyntax-only)

# header NAME: for each of its functions "name what", where what is empty or what is wrong.
header() {
	awk -F'\t' -v h="$1" '$2 == h' "$here/posix.list" > one
	{
		[ "$1" = - ] || echo "#include <$1>"
		awk -F'\t' -v h="$1" '
		$4 == "macro" { text[FNR] = "\n#ifndef " $1 "\nextern __typeof__(" $1 ") undeclared_" FNR ";\n#endif"; next }
		h != "-" { text[FNR] = "\nextern __typeof__(" $1 ") undeclared_" FNR ";" }
		$4 != "?" { same[FNR] = "\n#undef " $1 "\nextern " $4 ";" }
		END {
			for (i in text) print "#line " i * 10 " \"undeclared\"" text[i]
			for (i in same) print "#line " i * 10 " \"otherwise\"" same[i]
		}' one
	} > one.c
	"$top/build/exo-cc" "${flags[@]}" one.c 2> one.err
	awk -F'\t' '
	FILENAME == "one.err" {
		split($0, e, ":")
		if (e[1] == "one.c" && / error: /) none = 1
		if (/ error: / && (e[1] == "undeclared" || e[1] == "otherwise") && !(int(e[2] / 10) in bad))
			bad[int(e[2] / 10)] = e[1] == "undeclared" ? "not declared" : "declared otherwise"
		next
	}
	{ print $1, none ? "no header" : bad[FNR] }' one.err one
}

cd "$work" || exit 1
while read -r h; do header "$h"; done < <(awk -F'\t' '!/^#/ { print $2 }' "$here/posix.list" | sort -u) |
	sort > declared
nm -g --defined-only "$lib"/static/lib{os-posix,musl,c,m}.a 2> /dev/null | awk 'NF == 3 { print $3 }' | sort -u > static
nm -D --defined-only "$lib/libos-posix.so" | awk '{ print $3 }' | sort -u > shared

awk -F'\t' -v OFS='\t' '
FILENAME == "declared" { name = $0; sub(/ .*/, "", name); sub(/^[^ ]* /, ""); why[name] = $0; next }
FILENAME == "static" { static[$1] = 1; next }
FILENAME == "shared" { shared[$1] = 1; next }
/^#/ || /^$/ { next }
FILENAME ~ /partly$/ { partly[$1] = $2; next }
{
	if (why[$1] == "" && $4 != "macro" && $1 !~ /^std(in|out|err)$/) {
		if (!($1 in static) || !($1 in shared)) why[$1] = "not in the library"
	}
	verdict = why[$1] != "" ? "no" : $1 in partly ? "partly" : "yes"
	if (verdict == "yes" || !($1 in partly)) words = why[$1]
	else words = partly[$1]
	print $2, $1, $3, verdict, words
	known[$1] = verdict
}
END {
	for (n in partly)
		if (!(n in known)) print "stale", n
}' declared static shared "$here/posix.partly" "$here/posix.list" > verdicts

awk -F'\t' -f "$here/posix-doc.awk" verdicts > posix.md
if [ "${1:-}" = print ]; then
	cat posix.md
	exit
fi
if grep -q '^stale' verdicts; then
	not_ok 'posix.partly' "names nothing of the standard: $(grep '^stale' verdicts | tr '\t\n' '  ')"
else
	ok 'posix.partly'
fi
if cmp -s posix.md "$top/docs/posix.md"; then
	ok 'docs/posix.md'
else
	not_ok 'docs/posix.md' "make docs: $(diff posix.md "$top/docs/posix.md" | head -n 4 | cut -c 1-200 | tr '\n' '|')"
fi
exit $((bad > 0))
