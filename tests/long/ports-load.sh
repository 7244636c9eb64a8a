#!/bin/bash
# ports-load.sh - lbzip2 with threads, and stress's processes, from Debian's sources, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../ports/lib.bash"
ports busybox lbzip2 stress || exit 1
made=$top/build/out/apps
limit=300	# compressing takes its time

strip -o "$root/bin/lbzip2" "$made/lbzip2/target/src/lbzip2" && strip -o "$root/bin/stress" "$made/stress/stress" || exit 1
host_programs "$made/lbzip2/host/src/lbzip2"
on_linux+=("$made/stress/stress-host=stress")
mkdir "$root/files" && cp "$made"/lbzip2/source/tests/*.bz2 "$root/files"
cat "$made"/lbzip2/source/src/*.c "$made"/busybox/source/shell/*.c > "$root/text"
cat "$made/busybox/busybox-host" "$root/text" "$made/lbzip2/host/src/lbzip2" > "$root/mixed"

# Good and damaged files of its own tests; what it says of them too.  How far it gets in a damaged one
# is its threads' luck, and what it says of it.
cat > "$root/files.sh" <<'SCRIPT'
for file in files/*.bz2; do
	for threads in 1 3; do
		lbzip2 -n $threads -dc "$file" > tmp/out 2> tmp/err
		status=$?
		[ $status -eq 0 ] && cksum < tmp/out
		[ $threads -eq 1 ] && cat tmp/err
		echo "$file: $status"
	done
done
SCRIPT
cat > "$root/threads.sh" <<'SCRIPT'
cksum < mixed
for threads in 1 2 4; do
	lbzip2 -n $threads -1 -c mixed > tmp/$threads.bz2; echo "compressed: $?"
	cksum < tmp/$threads.bz2
	for reading in 1 2 3; do lbzip2 -n $reading -dc tmp/$threads.bz2 | cksum; done
done
bunzip2 -c tmp/2.bz2 | cmp - mixed && echo 'as bzip2 has it'
bzip2 -9 -c text | lbzip2 -n 3 -dc | cmp - text && echo 'and the other way'
cp text tmp/t; cd tmp; lbzip2 -n 2 t; ls t*; lbzip2 -d t.bz2; cmp t ../text && echo 'in place'
for i in 1 2 3; do (lbzip2 -n 2 -1 -c t | lbzip2 -n 2 -dc | cksum > sum$i) & done; wait; cat sum?
head -c 100000 4.bz2 | lbzip2 -n 2 -dc 2> err > /dev/null; echo "cut short: $?"
SCRIPT
# Its workers run until the time is over; how much they get done is not compared.
cat > "$root/stress.sh" <<'SCRIPT'
for what in '--cpu 3' '--io 2' '--vm 3 --vm-bytes 4M' '--vm 2 --vm-bytes 1M --vm-keep' '--hdd 2 --hdd-bytes 1M' \
	'--cpu 2 --io 1 --vm 2 --vm-bytes 2M --hdd 1 --hdd-bytes 512K'; do
	(cd tmp && stress -q $what --timeout 3); echo "$what: $?"
done
stress --cpu x 2>&1 | sed 's/\[[0-9]*\]//'; stress -q --vm 1 --vm-bytes 100G --timeout 3 2> /dev/null; echo "too much: $?"
stress -q --cpu 4 --vm 2 --vm-bytes 1M --timeout 2; ps | grep -c 'stress[ ]-q'; true
SCRIPT
image load || exit 1
for cpus in 1 2; do
	same "lbzip2's files, CPUs: $cpus" --cpus $cpus -- ash files.sh
	same "lbzip2 with threads, CPUs: $cpus" --cpus $cpus -m 512M -- ash threads.sh
	same "stress, CPUs: $cpus" --cpus $cpus -m 256M -- ash stress.sh
done
exit $((bad > 0))
