#!/bin/bash
# build.sh - the tests of the Open POSIX Test Suite, for here and for Linux.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/conformance/build.sh here|linux GROUP...     (groups: groups.conf)
#
# Each test is compiled by itself, its main renamed and everything else made its own, and linked with the
# others of its group to one program, build/out/tests/conformance/SIDE/GROUP, which runs each in a
# process of its own.  GROUP.failed tells what does not compile, GROUP.built what has no main and
# is right if it compiles, GROUP.tests the others.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C
side=$1
shift
out=build/out/tests/conformance
suite=$out/suite
here=tests/conformance

unpack() {
	local tarball
	tarball=$(build/source.sh posixtestsuite)
	[ "$(cat $suite.of 2> /dev/null)" != "$tarball" ] || return 0
	rm -rf $suite
	mkdir -p $suite
	tar -xf "$tarball" -C $suite --strip-components=1
	# written for the standard of 2001: that of 2008 has what it asks for
	grep -rlE "_POSIX_[A-Z_]+ *!= *200112L" $suite/conformance |
		xargs sed -i -E "s/(_POSIX_[A-Z_]+) *!= *200112L/\1 < 200112L/"
	echo "$tarball" > $suite.of
}

# one SOURCE OBJECT NAME: compile; all but main is the test's own.
one() {
	local main=pts_${3//[\/-]/_}
	mkdir -p "${2%/*}"
	rm -f "$2" "$2.err"
	if ! "${cc[@]}" "${flags[@]}" -c "$1" -o "$2" 2> "$2.err"; then
		rm -f "$2"
		return
	fi
	if nm "$2" | grep ' T main$' > /dev/null; then
		objcopy --redefine-sym "main=$main" --keep-global-symbol="$main" "$2"
	else
		: > "$2"
	fi
	rm "$2.err"
}

# The sources of a group, in the order of their numbers.
sources() {
	local dir
	for dir in $(awk -v g="$1" '$1 == g { $1 = ""; print }' $here/groups.conf); do
		find $suite/conformance/$dir -name '[0-9]*.c' -not -path '*/templates/*'
	done | sort -Vu
}

# lacks OBJECT: a function that it calls and the library does not have, or nothing.
lacks() {
	[ "$side" = here ] || return 0
	nm -u "$1" | awk '{ print $2 }' | LC_ALL=C sort | comm -23 - $out/here/library | sed -n 1p
}

group() {
	local base=$out/$side/$1 test object lacking objects=()
	rm -f "$base" "$base".{failed,built,tests}
	touch "$base".{failed,built,tests}
	while read -r source; do
		test=${source#"$suite"/conformance/}
		test=${test#interfaces/}
		test=${test%.c}
		object=$out/$side/objects/$test.o
		if ! [ "$object" -nt "$stamp" ] && ! [ "$object.err" -nt "$stamp" ]; then
			one "$source" "$object" "$test"
		fi
		if [ ! -e "$object" ]; then
			echo "$test $(grep -m 1 'error:' "$object.err" | sed 's/.*error: //')" >> "$base.failed"
		elif [ ! -s "$object" ]; then
			echo "$test" >> "$base.built"
		elif lacking=$(lacks "$object") && [ -n "$lacking" ]; then
			echo "$test there is no $lacking()" >> "$base.failed"
		else
			echo "$test" >> "$base.tests"
			objects+=("$object")
		fi
	done < <(sources "$1")
	awk '{ f = "pts_" $1; gsub(/[\/-]/, "_", f)
	       head = head "int " f "(int, char **);\n"; rows = rows "\t{\"" $1 "\", " f "},\n" }
	     END { printf "#include \"runner.h\"\n%sconst struct test tests[] = {\n%s\t{0},\n};\n", head, rows }' \
		"$base.tests" > "$base.c"
	printf '%s\n' "${objects[@]}" > "$base.objects"
	"${link[@]}" -O1 -I$here $here/runner.c "$base.c" "@$base.objects" -lm -lpthread -lrt -o "$base"
}

unpack
mkdir -p $out/$side
flags=(-O1 -w -std=gnu99 -D_POSIX_C_SOURCE=200112L -D_XOPEN_SOURCE=600 "-I$suite/include"
	-include fcntl.h -include signal.h -include sys/resource.h)	# the headers of 2001 had included them
cc=(gcc) link=(gcc)
if [ "$side" = here ]; then
	eval "cc=(gcc $(build/exo-cc --exo-flags))"
	link=(build/exo-cc -static)
	{ nm -g --defined-only build/out/lib/static/*.a 2> /dev/null | awk 'NF == 3 { print $3 }'; echo _GLOBAL_OFFSET_TABLE_; } |
		LC_ALL=C sort -u > $out/here/library
fi
# Headers decide what compiles, and how.
stamp=$out/$side/stamp
[ -e "$stamp" ] && { [ "$side" = linux ] ||
	[ -z "$(find libos-posix/include build/newlib/include -type f -newer "$stamp")" ]; } || touch "$stamp"
for name; do group "$name"; done
