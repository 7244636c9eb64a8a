#!/bin/bash
# busybox.sh - BusyBox's shell and programs from Debian's source, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
#
# Each program that a script names is started by fork and exec, from /bin.
. "$(dirname "$0")/../boot/lib.bash"
prepare
busybox=$top/build/out/apps/busybox

make -s -C "$top" busybox busybox-host > "$work/out" 2>&1 || {
	not_ok 'busybox builds' "$(tail -n 3 "$work/out" | tr '\n' '|')"
	exit 1
}
ok 'busybox builds'
build 'busybox image' "$busybox/busybox" --rootfs "$busybox/root" --env PATH=/bin --env TZ=UTC0 \
	-o "$work/busybox.elf" || exit 1

# same NAME [option of run]... -- ARGUMENT...: the same bytes on stdout and stderr, the same status.
# On Linux too the root directory is fresh and the current one, and all programs are BusyBox's.
same() {
	local name=$1 options=() status=0 want=0
	shift
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	rm -rf "$work/root" && cp -r "$busybox/root" "$work/root" && mkdir -p "$work/root/tmp"
	cp "$busybox/busybox-host" "$work/root/bin/busybox"
	(cd "$work/root" && umask 022 && exec env -i PATH="$work/root/bin" TZ=UTC0 busybox "$@") \
		> "$work/want" 2>&1 < "${input:-/dev/null}" || want=$?
	"$exo" run "$work/busybox.elf" --timeout $((limit * 2)) "${options[@]}" -- "$@" > "$work/got" 2>&1 \
		< "${input:-/dev/null}" || status=$?
	if [ $status -ne $want ]; then
		not_ok "$name" "status $status, not $want: $(tail -n 2 "$work/got" | tr '\n' '|') $(last_words)"
	elif ! cmp -s "$work/want" "$work/got"; then
		not_ok "$name" "$(diff -a "$work/want" "$work/got" | head -n 6 | cut -c 1-200 | tr '\n' '|')"
	else
		ok "$name"
	fi
	[ -z "${KEEP:-}" ] || cp "$work/want" "$work/got" "$KEEP"
}

same 'busybox echo' -- echo hello
same 'busybox ls' -- ls scripts
same 'an applet that is not there' -- nosuch
same 'busybox ash -c' -- ash -c 'echo a | cat; exit 3'
input=$busybox/root/scripts/pipes.sh same 'busybox ash, script from stdin' -- ash
for script in ${SCRIPTS:-"$busybox"/root/scripts/*.sh}; do
	script=${script##*/}
	same "busybox ash $script" -- ash "scripts/$script"
done
exit $((bad > 0))
