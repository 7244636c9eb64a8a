#!/bin/bash
# ports-run.sh - Duktape, and XZ with threads, from Debian's sources, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../ports/lib.bash"
ports busybox xz duktape || exit 1
made=$top/build/out/apps
limit=600	# compressing takes its time

cp -r "$top/apps/duktape/root/." "$root"
strip -o "$root/bin/duk" "$made/duktape/duk"
strip -o "$root/bin/xz" "$made/xz/target/src/xz/xz"
host_programs "$made/xz/host/src/xz/xz"
on_linux+=("$made/duktape/duk-host=duk")
tests=()
for file in "$made"/xz/target/tests/test_*; do
	[ -f "$file" ] && [ -x "$file" ] || continue
	strip -o "$root/bin/${file##*/}" "$file" || exit 1
	host_programs "$made/xz/host/tests/${file##*/}"
	tests+=("${file##*/}")
done
# Its tests of damaged and good files, and something larger to work on.
mkdir "$root/files" && cp "$made"/xz/source/tests/files/* "$root/files"
cat "$made"/xz/source/src/*/*.c "$made"/duktape/source/src/*.c > "$root/text"
cat "$made/busybox/busybox-host" "$made/duktape/duk-host" "$root/text" "$made/xz/host/src/xz/xz" > "$root/mixed"

cat > "$root/own.sh" <<SCRIPT
cd tmp; export srcdir=..
for test in ${tests[*]}; do
	\$test > printed 2>&1; echo "\$test: \$?"; cat printed
done
SCRIPT
cat > "$root/files.sh" <<'SCRIPT'
for file in files/*.xz files/*.lzma files/*.lz files/*.lzma_raw; do
	xz -dc "$file" > tmp/out 2> tmp/err
	echo "$file: $? $(cksum < tmp/out) $(cat tmp/err)"
	xz -dc -T2 --memlimit-decompress=32MiB "$file" 2> /dev/null | cksum
done
xz -l files/good-1-check-crc32.xz files/good-2-lzma2.xz; xz -t files/good-*.xz; echo "test: $?"
SCRIPT
cat > "$root/threads.sh" <<'SCRIPT'
cksum < mixed
for threads in 1 2 4; do
	xz -T$threads -2 --block-size=512KiB -c mixed > tmp/$threads.xz; echo "compressed: $?"
	cksum < tmp/$threads.xz	# the same bytes with each number of threads but one
	for reading in 1 2 3; do xz -dc -T$reading tmp/$threads.xz | cksum; done
done
xz -T0 -0 -k -c text | xz -dc -T0 | cmp - text && echo 'text: same'
cp text tmp/t; cd tmp; xz -6 -T2 t; ls t*; xz -d t.xz; cmp t ../text && echo 'in place'
for i in 1 2 3; do (xz -T2 -1 --block-size=256KiB -c t | xz -dc -T2 | cksum > sum$i) & done; wait; cat sum?
xz -T2 -9 --memlimit-compress=40MiB -c t | xz -dc | cksum; xz --format=lzma -c t | xz -dc | cksum
head -c 100000 4.xz | xz -dc -T2 2>&1 > /dev/null; echo "cut short: $?"
SCRIPT
image run || exit 1
same duktape -- ash -c 'duk language.js; echo "status $?"; echo "print(6 * 7)" | duk; duk -e "print(typeof this)"; duk nosuch.js; echo "status $?"'
same "xz's own tests" -- ash own.sh
same "xz's files" -- ash files.sh
same 'xz with threads' -m 512M -- ash threads.sh
same 'xz with threads, 2 CPUs' -m 512M --cpus 2 -- ash threads.sh
exit $((bad > 0))
