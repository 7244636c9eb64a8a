#!/bin/bash
# sqlite.sh - SQLite from Debian's source prints here what the same source prints on Linux.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
root=$top/apps/sqlite/root
sqlite=$top/build/out/apps/sqlite

make -s -j"$(nproc)" -C "$top" sqlite sqlite-host > "$work/out" 2>&1 || {
	not_ok 'sqlite builds' "$(tail -n 3 "$work/out" | tr '\n' '|')"
	exit 1
}
ok 'sqlite builds'
for image in sqlite.elf sqlite.iso; do
	build "$image" "$sqlite/sqlite3" --rootfs "$root" --env TZ=UTC0 -o "$work/$image" || exit 1
done
build speedtest1.elf "$sqlite/speedtest1" -o "$work/speedtest1.elf" || exit 1

# Times are all that may differ.
timeless() { sed -E 's/ +[0-9]+\.[0-9]+s$/ TIME/' "$1"; }

mkdir "$work/bin"	# messages begin with the name of the program
for program in sqlite3 speedtest1; do ln -s "$sqlite/$program-host" "$work/bin/$program"; done

# same NAME PROGRAM IMAGE [option of run]... -- ARGUMENT...: the same bytes on stdout and
# stderr, the same status.  On the host too the root directory is fresh and the current one.
same() {
	local name=$1 host=$2 image=$3 options=() status=0 want=0
	shift 3
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	rm -rf "$work/root" && cp -r "$root" "$work/root" && mkdir "$work/root/tmp"
	(cd "$work/root" && exec env -i PATH="$work/bin" TZ=UTC0 "$host" "${@:2}") > "$work/want" 2>&1 \
		< "${input:-/dev/null}" || want=$?
	"$exo" run "$image" --timeout $((limit * 2)) "${options[@]}" "$@" > "$work/got" 2>&1 \
		< "${input:-/dev/null}" || status=$?
	timeless "$work/want" > "$work/a"
	timeless "$work/got" > "$work/b"
	if [ $status -ne $want ]; then
		not_ok "$name" "status $status, not $want: $(tail -n 2 "$work/got" | tr '\n' '|') $(last_words)"
	elif ! cmp -s "$work/a" "$work/b"; then
		not_ok "$name" "$(diff -a "$work/a" "$work/b" | head -n 6 | cut -c 1-200 | tr '\n' '|')"
	else
		ok "$name"
	fi
}
shell() {	# NAME IMAGE [option of run]... -- ARGUMENT...
	same "sqlite $1" sqlite3 "$work/$2" "${@:3}"
}

for script in "$root"/*.sql; do
	script=${script##*/}
	shell "$script" sqlite.elf -- tmp/test.db ".read $script"
done
input=$root/joins.sql shell 'script from stdin' sqlite.elf -- -batch -header tmp/test.db
input=$root/queries.sql shell 'in memory' sqlite.elf -- -json
shell 'arguments' sqlite.elf -- -csv -cmd '.headers on' :memory: \
	"select 1 as a, 'x y' as b" 'select * from nosuch' 'select 2'
shell 'wrong option' sqlite.elf -- -nosuch
shell 'read-only' sqlite.elf -- -readonly tmp/none.db 'create table t(a)'
shell 'triggers.sql from CD' sqlite.iso -- tmp/test.db '.read triggers.sql'
shell 'triggers.sql by UEFI' sqlite.iso --firmware uefi -- tmp/test.db '.read triggers.sql'

speed() {	# NAME ARGUMENT...
	same "speedtest1 $1" speedtest1 "$work/speedtest1.elf" -- "${@:2}" --verify tmp/speed.db
}
speed main --size 5
speed 'main, journal truncated, autovacuum' --size 2 --journal truncate --autovacuum
for set in cte fp orm; do
	speed $set --size 5 --testset $set
done
speed rtree --size 1 --testset rtree
exit $((bad > 0))
