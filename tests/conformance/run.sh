#!/bin/bash
# run.sh - the Open POSIX Test Suite on libos-posix: each test does what expected.txt says.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/conformance/run.sh all | document | GROUP...     (groups: groups.conf; none: those of every `make test`)
#
# The machine's clock counts instructions and is put forward when nothing runs, so who sleeps costs
# nothing, and a loaded host changes no result.  "document" runs all and writes docs/conformance.md.
. "$(dirname "$0")/../boot/lib.bash"
prepare
here=$top/tests/conformance
out=$top/build/out/tests/conformance
patience=${CONFORMANCE_TIMEOUT:-900}	# seconds for a group: finds hangs, measures nothing

# one_boot GROUP FIRST: run the group from that test on; what it prints is added to GROUP.log.
one_boot() {
	"$exo" --no-prove "$out/here/$1" --rootfs "$here/root" --arg "$2" --mem 512M -o "$work/$1.elf" > "$work/err" 2>&1 || return
	timeout -k 5 "$patience" qemu-system-x86_64 -accel tcg -icount shift=3,sleep=off -cpu max -m 512 \
		-nodefaults -no-user-config -display none -no-reboot -chardev file,id=console,path="$work/console" \
		-serial chardev:console -kernel "$work/$1.elf" < /dev/null 2> "$work/err"
	tr -d '\r' < "$work/console" >> "$work/$1.log"
}

# group NAME: lines "test result words" of all its tests in results.
group() {
	local first=0 last
	: > "$work/$1.log"
	until grep -qx 'all ran' "$work/$1.log"; do
		one_boot "$1" $first
		last=$(grep -c '^begin ' "$work/$1.log")
		[ "$last" -gt "$first" ] || break	# the machine does not even start
		grep -qx 'all ran' "$work/$1.log" && break
		# the machine is at an end
		echo "end $(sed -n 's/^begin //p' "$work/$1.log" | tail -n 1) DIED" >> "$work/$1.log"
		first=$last
	done
	sed -n 's/^end //p' "$work/$1.log" | sed 's/ \[[0-9:]*\]/ /'
	sed 's/$/ PASS/' "$out/here/$1.built"
	sed 's/ / NOBUILD /' "$out/here/$1.failed"
}

names() { awk '!/^#/ && NF { print $1 }' "$here/groups.conf"; }

case ${1:-} in
all | document) mode=$1; mapfile -t groups < <(names) ;;
'') mode=some; groups=(aio mqueue semaphore signal) ;;
*) mode=some; groups=("$@") ;;
esac
for g in "${groups[@]}"; do
	if ! "$here/build.sh" here "$g" > "$work/out" 2>&1; then
		not_ok "conformance $g" "does not build: $(tail -n 2 "$work/out" | tr '\n' '|')"
		continue
	fi
	group "$g" > "$work/of"
	cat "$work/of" >> "$work/results"
	# A function's tests are one test.
	while IFS=$'\t' read -r function wrong; do
		if [ -z "$wrong" ]; then ok "conformance $function"; else not_ok "conformance $function" "$wrong"; fi
	done < <(awk '
		NR == FNR { if (!/^#/ && NF) want[$1] = $2; next }
		{
			f = $1; sub(/\/.*/, "", f)
			if (!(f in bad)) { bad[f] = ""; order[++n] = f }
			expected = $1 in want ? want[$1] : "PASS"
			if ($2 != expected && expected != "VARIES") bad[f] = bad[f] $1 ": " $2 ", not " expected "; "
		}
		END { for (i = 1; i <= n; i++) print order[i] "\t" bad[order[i]] }' "$here/expected.txt" "$work/of")
done
cp "$work/results" "$out/results" 2> /dev/null
[ "$mode" != some ] || exit $((bad > 0))

awk -f "$here/conformance-doc.awk" "$here/expected.txt" "$work/results" > "$work/conformance.md"
if [ "$mode" = document ]; then
	cp "$work/conformance.md" "$top/docs/conformance.md"
elif cmp -s "$work/conformance.md" "$top/docs/conformance.md"; then
	ok 'docs/conformance.md'
else
	not_ok 'docs/conformance.md' 'tests/conformance/run.sh document'
fi
exit $((bad > 0))
