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
exit $((bad > 0))
