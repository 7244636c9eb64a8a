#!/bin/bash
# steward.sh - thousands of images, one after the other: nothing of them is left; bad neighbours for minutes.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/../boot/lib.bash"
prepare
make -s -C "$top" --no-print-directory steward || exit 1
programs=$top/tests/boot/steward
cd "$work" || exit 1
limit=600
for program in act hostile; do
	build "build $program" --libos minimal -O2 "$programs/$program.c" -o $program.elf || exit 1
done

# packed NAME: the description on standard input becomes NAME.elf
packed() {
	cat > "$1.conf"
	"$exo" pack "$1.conf" -o "$1.elf" > out 2> err || not_ok "pack $1" "$(last_words)"
}

# whole NAME CPUS: as many frames are free in the end as after the first of each
whole() {
	local name=$1 cpus=$2 status=0 counts
	"$exo" run "$name.elf" --cpus "$cpus" --timeout "$limit" > out 2> err < /dev/null || status=$?
	counts=$(tr -d '\r' < out | sed -n 's/^boss| free //p' | tr '\n' ' ')
	if [ $status -ne 0 ]; then
		not_ok "$name, $cpus CPUs" "status $status: $(last_words)"
	elif [ "$(tr ' ' '\n' <<< "$counts" | grep -c .)" -eq 2 ] &&
		[ "$(tr ' ' '\n' <<< "$counts" | grep . | uniq | wc -l)" -eq 1 ]; then
		ok "$name, $cpus CPUs: nothing is left"
	else
		not_ok "$name, $cpus CPUs: nothing is left" "frames free: $counts"
	fi
}

packed thousands <<-'CONF'
[boss]
image = act.elf
loads = yes
sees = all
memory = 4M
arg = times:3
arg = ask:late
arg = times:3
arg = load:512
arg = wait:50
arg = free
arg = times:1000
arg = ask:late
arg = times:1000
arg = load:512
arg = wait:50
arg = free
[late]
image = act.elf
start = no
CONF
packed harm <<-'CONF'
[boss]
image = act.elf
loads = yes
sees = all
memory = 4M
arg = ask:eater
arg = ask:bomber
arg = wait:50
arg = free
arg = times:100
arg = ask:eater
arg = times:100
arg = ask:bomber
arg = wait:50
arg = free
[eater]
image = hostile.elf
start = no
memory = 4M
arg = eat
arg = leave
[bomber]
image = hostile.elf
start = no
memory = 4M
arg = bomb
arg = leave
CONF
for cpus in 1 2 4; do
	whole thousands $cpus
	whole harm $cpus
done

# Every bad neighbour there is, for two minutes.
{
	printf '[victim]\nimage = act.elf\nmemory = 4M\narg = memory:900\narg = wait:120000\narg = line:good\narg = exit:6\n'
	for way in bomb eat flood rings kick calls loads lies; do
		printf '[%s]\nimage = hostile.elf\nmemory = 3M\nrestart = always\nloads = yes\narg = %s\n' $way $way
	done
} | packed neighbours
for cpus in 1 2 4; do
	boot "neighbours, $cpus CPUs" 6 '^victim\| good' neighbours.elf --cpus $cpus --timeout $limit
done
exit $((bad > 0))
