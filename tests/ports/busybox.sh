#!/bin/bash
# busybox.sh - BusyBox's shell and programs from Debian's source, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
#
# Each program that a script names is started by fork and exec, from /bin.
. "$(dirname "$0")/lib.bash"
ports busybox && image busybox || exit 1
scripts=$top/apps/busybox/root/scripts

same 'busybox echo' -- echo hello
same 'busybox ls' -- ls scripts
same 'an applet that is not there' -- nosuch
same 'busybox ash -c' -- ash -c 'echo a | cat; exit 3'
input=$scripts/pipes.sh same 'busybox ash, script from stdin' -- ash
for script in "$scripts"/*.sh; do
	script=${script##*/}
	same "busybox ash $script" -- ash "scripts/$script"
done

# A person at a terminal: jobs that keys stop and end, in front and behind.
typist=$top/tests/ports/programs/typist.c
typed() {
	local name=$1 cpus=$2
	"$exo" run "$work/typist.elf" --cpus "$cpus" --timeout $((limit * 2)) \
		-- ash -c 'typist ash -i < scripts/jobs.typed' 2> "$work/err" < /dev/null | grep -av ^BusyBox > "$work/got"
	if cmp -s "$work/want" "$work/got"; then ok "$name"
	else not_ok "$name" "$(diff -a "$work/want" "$work/got" | head -n 6 | cat -v | cut -c 1-200 | tr '\n' '|')"; fi
}
rm -rf "$work/root" "$work/typist"
cp -r "$busybox/root" "$work/root" && cp -r "$busybox/root" "$work/typist" && mkdir -p "$work/root/tmp"
cp "$busybox/busybox-host" "$work/root/bin/busybox"
gcc -O1 -w -D_GNU_SOURCE "$typist" -o "$work/root/bin/typist" 2> "$work/err" &&
	"$top/build/exo-cc" -O1 -w "$typist" -o "$work/typist/bin/typist" 2> "$work/err" &&
	build 'busybox image with a typist' "$busybox/busybox" --rootfs "$work/typist" --env PATH=/bin --env TZ=UTC0 \
		--env PS1='%% ' -o "$work/typist.elf" || { not_ok 'busybox typist' "$(last_words)"; exit 1; }
(cd "$work/root" && exec env -i PATH="$work/root/bin" TZ=UTC0 PS1='%% ' busybox \
	ash -c 'typist ash -i < scripts/jobs.typed') 2>&1 < /dev/null | grep -av ^BusyBox > "$work/want"
typed 'busybox ash, jobs at a terminal' 1
typed 'busybox ash, jobs at a terminal, 2 CPUs' 2
exit $((bad > 0))
