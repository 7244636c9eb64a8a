#!/bin/bash
# steward.sh - several images on one kernel: started, tagged, restarted, asked for.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/boot/steward.sh [PART...]     (none: all)
. "$(dirname "$0")/lib.bash"
. "$(dirname "$0")/steward.bash"
programs minimal act borrower probe hostile judge
programs posix say procs borrows

part_mixed() {
	packed mixed <<-'CONF'
	cpus = 4
	[quiet]
	image = act.elf
	[posix]
	image = say.elf
	arg = one
	arg = two words
	env = GREETING=hello
	[minimal]
	image = act.elf
	arg = lines:40
	arg = exit:5
	[last]
	image = say.elf
	arg = exit
	arg = 9
	CONF
	for cpus in 1 2 4; do
		runs mixed $cpus 5
		says "mixed, $cpus CPUs" posix 'GREETING=hello' one 'two words'
		says "mixed, $cpus CPUs" minimal "${numbered[@]}"
		sort said > sorted
		has "mixed, $cpus CPUs: ends" '^steward: (quiet: exit status 0|posix: exit status 0|minimal: exit status 5|last: exit status 9)$' 4
	done
}

part_restarts() {
	packed restarts <<-'CONF'
	[never]
	image = act.elf
	arg = exit:3
	[good]
	image = act.elf
	restart = on-failure
	[crash]
	image = act.elf
	arg = part:last words
	arg = crash
	restart = on-failure
	restarts = 2
	[mute]
	image = act.elf
	arg = mute
	[always]
	image = act.elf
	arg = line:again
	restart = always
	restarts = 1
	[forever]
	image = act.elf
	arg = wait:60000
	restart = always
	CONF
	runs restarts 1 3
	has 'restarts: never' '^steward: never: ' 1
	has 'restarts: on failure, not without one' '^steward: good: exit status 0$' 1
	has 'restarts: a crash and its status' '^steward: crash: exit status 139$' 3
	has 'restarts: last words of each life' '^crash\| last wordscrash: page fault writing 0x10 ' 3
	has 'restarts: counted' '^steward: crash: starts again \([12] of 2\)$' 2
	has 'restarts: bounded' '^steward: crash: does not start again: 2 times are enough$' 1
	says restarts always again again
	has 'restarts: nobody can be told of the fault' '^steward: mute: page fault, and no way to tell it so: stopped$'
}

part_lines() {
	packed lines <<-'CONF'
	[z]
	image = act.elf
	[a]
	image = act.elf
	arg = part:begun,
	arg = wait:50
	arg = "line: and ended"
	[b]
	image = act.elf
	arg = wait:20
	arg = wide:450
	arg = line:!
	[c]
	image = act.elf
	arg = wait:30
	arg = part:no newline at the end
	CONF
	runs lines 1 0
	says lines a 'begun, and ended'
	has 'lines: cut at 200' '^b\| x{200}$'
	has 'lines: goes on' '^b\|\+x{200}$'
	has 'lines: rest' '^b\|\+x{50}!$'
	says lines c 'no newline at the end'
}

part_input() {
	packed input <<-'CONF'
	[first]
	image = act.elf
	arg = echo:2
	[second]
	image = act.elf
	arg = echo:2
	input = yes
	CONF
	printf 'one\n\x1d1two\n\x1d2three\n\x1dcinput first\nfo\x1d\x1dur\n' > typed
	typed=typed
	runs input 1 0
	typed=/dev/null
	says input first 'got two' $'got fo\x1dur'
	says input second 'got one' 'got three'
}

part_prompt() {
	packed prompt <<-'CONF'
	[main]
	image = act.elf
	arg = echo:1
	[late]
	image = act.elf
	arg = line:I am late
	arg = exit:4
	start = no
	[long]
	image = act.elf
	arg = line:begun
	arg = wait:60000
	CONF
	printf '\x1dcstart late\nstop long\nstart nobody\nnonsense\nstart main\n\nx\n' > typed
	typed=typed
	runs prompt 1 4
	says prompt late 'I am late'
	has 'prompt: stopped' '^steward: long: stopped$'
	has 'prompt: no such image' '^steward: start: no image ".*"; list shows them$'
	has 'prompt: no such command' '^steward: no such command: nonsense; help lists them$'
	has 'prompt: runs already' '^steward: main runs already$'
	says prompt main 'got x'
	printf '\x1dchelp\nlist\nrestart long\noff\n' > typed
	runs prompt 1 0
	has 'prompt: help' '^start NAME '
	has 'prompt: list' '^[* ] [123] (main|late|long) +[a-z]' 3
	typed=/dev/null
}

part_asks() {
	packed asks <<-'CONF'
	[boss]
	image = act.elf
	loads = yes
	arg = ask:late
	arg = ask:nobody
	arg = ask:boss
	arg = load:512
	arg = load:2
	arg = load:100000000
	[late]
	image = act.elf
	start = no
	arg = line:called
	arg = exit:7
	[other]
	image = act.elf
	arg = ask:late
	CONF
	for cpus in 1 2; do
		runs asks $cpus 7
		says "asks, $cpus CPUs" late called
		says "asks, $cpus CPUs" other 'ask: the capability is empty, of another kind, or does not cover this'
		grep -a '^boss| result: [er]' said | sed 's/^boss|/boss|/' > ends
		printf 'boss| result: %s\n' 'ended 7' 'refused 1' 'refused 1' 'ended 0' 'refused 5' 'refused 5' > want
		if cmp -s ends want; then ok "asks, $cpus CPUs: results"
		else not_ok "asks, $cpus CPUs: results" "$(tr '\n' '|' < ends)"; fi
		has "asks, $cpus CPUs: from granted frames" '\| nothing to do$'
		has "asks, $cpus CPUs: too little, too much" '^steward: .*: not started: (too little memory|there is not enough memory)$' 2
	done
}

# Who asks for nonsense again and again is heard ever more seldom, and fills no console.
part_junk() {
	local cpus
	counted
	packed junk <<-'CONF'
	[junk]
	image = act.elf
	loads = yes
	arg = junk:1000
	[fair]
	image = act.elf
	loads = yes
	arg = ask:late
	arg = lines:40
	[late]
	image = act.elf
	start = no
	arg = line:called
	CONF
	for cpus in 1 2; do
		runs junk $cpus 0
		says "junk, $cpus CPUs: another asker" late called
		awk '/^steward: junk-[0-9]+: not started: / { n++ } END { exit !(n && n < 20) }' said &&
			ok "junk, $cpus CPUs: some refusals, not more" ||
			not_ok "junk, $cpus CPUs: some refusals, not more" "$(grep -ac 'not started' said) lines"
	done
}

# While one waits for memory that is on loan another starts, but not on what the first waits for.
part_awaits() {
	counted
	packed awaits <<-'CONF'
	mem = 40M
	[borrower]
	image = borrower.elf
	memory = 18M
	guaranteed = 1M
	loads = yes
	arg = ignore
	[boss]
	image = act.elf
	memory = 2M
	loads = yes
	arg = post:late
	arg = ask:small
	[late]
	image = act.elf
	memory = 20M
	start = no
	arg = memory:4000
	[small]
	image = act.elf
	memory = 1M
	start = no
	arg = line:fits beside
	CONF
	runs awaits 1 0
	says 'awaits: who waited' late 'memory: as much as it should be'
	says 'awaits: who did not have to' small 'fits beside'
	awk '/^small\| fits/ { small = NR } /^steward: borrower: did not give back in time/ { taken = NR }
		END { exit !(small && taken && small < taken) }' said &&
		ok 'awaits: it did not wait for the other' || not_ok 'awaits: it did not wait for the other' "$(tr '\n' '|' < said | cut -c 1-300)"
	packed leaves <<-'CONF'
	mem = 24M
	[boss]
	image = act.elf
	memory = 2M
	loads = yes
	arg = load:3000
	arg = ask:late
	[late]
	image = act.elf
	memory = 12M
	start = no
	arg = memory:2500
	CONF
	runs leaves 1 0
	has 'awaits: what is loaded leaves the list its memory' '^boss\| result: refused 5$'
	says 'awaits: so that starts' late 'memory: as much as it should be'
}

# Memory above the guarantee is on loan, and goes to who is started later.
part_loans() {
	local way
	counted
	for way in give places ignore; do
		packed loans-$way <<-CONF
		mem = 32M
		[borrower]
		image = borrower.elf
		memory = 18M
		guaranteed = 1M
		loads = yes
		arg = $way
		[late]
		image = act.elf
		memory = 14M
		start = no
		arg = memory:3000
		CONF
	done
	runs loans-give 1 0
	says 'loans: asked, given back' borrower loan 'asked for 4352 frames of 4352' \
		'0 wrong, 0 pages lost, no faults'
	has 'loans: the steward says so' '^steward: borrower: has given back 17408 KiB$'
	has 'loans: the other one starts' '^late\| memory: as much as it should be$'
	runs loans-places 2 0
	says 'loans: taken, contents in their places' borrower loan '0 wrong, 4 pages lost, faults'
	has 'loans: the steward says that, too' '^steward: borrower: did not give back in time: 17408 KiB taken$'
	runs loans-ignore 1 0
	says 'loans: taken, contents lost' borrower loan '0 wrong, 8 pages lost, faults'
	has 'loans: the other one starts anyway' '^late\| memory: as much as it should be$'
}

# What a fork bomb and a maker of accounts leave behind is nobody's again, to the last frame.
part_whole() {
	packed whole <<-'CONF'
	[boss]
	image = act.elf
	loads = yes
	sees = all
	memory = 4M
	arg = ask:eater
	arg = ask:bomber
	arg = load:512
	arg = ask:family
	arg = wait:50
	arg = free
	arg = times:3
	arg = ask:eater
	arg = times:3
	arg = ask:bomber
	arg = times:20
	arg = load:512
	arg = times:2
	arg = ask:family
	arg = wait:50
	arg = free
	[family]
	image = procs.elf
	start = no
	memory = 8M
	arg = leave
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
	for cpus in 1 4; do
		runs whole $cpus 0
		grep -a "^boss. free" said > counts
		if [ "$(wc -l < counts)" -eq 2 ] && [ "$(sort -u counts | wc -l)" -eq 1 ]; then ok "whole, $cpus CPUs: as many frames as before"
		else not_ok "whole, $cpus CPUs" "$(tr "\n" "|" < counts)"; fi
	done
}

part_apart() {
	counted
	packed apart <<-'CONF'
	[a]
	image = probe.elf
	sees = all
	arg = place
	arg = wait
	arg = shared
	arg = wait
	[b]
	image = probe.elf
	sees = all
	arg = place
	arg = wait
	arg = wait
	[c]
	image = probe.elf
	memory = 3M
	arg = own
	arg = place
	arg = wait
	arg = wait
	[thief]
	image = probe.elf
	memory = 2M
	arg = wx
	arg = power
	arg = shared
	arg = reach
	arg = wait
	CONF
	for cpus in 1 2 4; do
		runs apart $cpus 0
		# Code: mapped by each of the four, twice as the whole archive is there too, and by the steward.
		says "apart, $cpus CPUs" thief 'write and execute: write and execute on one page' \
			'slices 0 refusals 6' 'the frame table is not to be seen' "$(grep -a 'thief| writes' said | cut -c 8-)"
		has "apart, $cpus CPUs: who sees only itself sees its account" '^c\| may have 768, keeps 768, has some, one more is 1 more, written: no$'
		has "apart, $cpus CPUs: copies share code, not data" '^a\| code 9 data 1$'
		awk '/^thief\| writes/ { exit !($3 + $7 <= 512 && $3 + $7 > 400) }' said &&
			ok "apart, $cpus CPUs: only its own memory" ||
			not_ok "apart, $cpus CPUs: only its own memory" "$(grep -a 'thief| writes' said)"
		grep -ahoE '0x[0-9a-f]+|[0-9a-f]{24,}$' said >> places
	done
	if [ "$(sort places | uniq -d | wc -l)" -eq 0 ] && [ "$(wc -l < places)" -eq 27 ]; then
		ok 'apart: places and seeds differ, for each image and at each boot'
	else
		not_ok 'apart: places and seeds differ' "$(sort places | uniq -d | tr '\n' ' ')"
	fi
}

part_cpus() {
	packed cpus <<-'CONF'
	cpus = 4
	[two]
	image = act.elf
	cpus = 0,2
	arg = cpus
	[own]
	image = act.elf
	cpus = 1,3
	claim = yes
	sees = all
	arg = cpus
	arg = quiet:30
	[one]
	image = act.elf
	cpus = 0
	arg = cpus
	CONF
	runs cpus 4 0
	says cpus two '2 CPUs'
	says cpus own '2 CPUs' 'nothing interrupts it'
	says cpus one '1 CPUs'
	packed between <<-'CONF'
	[boss]
	image = act.elf
	loads = yes
	arg = ask:before
	arg = ask:around
	[before]
	image = act.elf
	cpus = 0-1
	start = no
	[around]
	image = act.elf
	cpus = 0,2
	start = no
	arg = reach:2
	arg = reach:1
	CONF
	runs between 3 0
	says 'cpus: those between are not its own' around 'reach: done' 'reach: a fixed limit is reached'
	runs cpus 2 125
	has 'cpus: not enough of them' '^steward: (two|own): not started: the machine lacks one of its CPUs$' 2
}

# Images of several processes and threads each: their environments are guests in one slot for each CPU.
part_processes() {
	packed processes <<-'CONF'
	[a]
	image = procs.elf
	memory = 8M
	[b]
	image = procs.elf
	memory = 8M
	[c]
	image = act.elf
	arg = lines:40
	CONF
	for cpus in 1 2 4; do
		runs processes $cpus 0
		says "processes, $cpus CPUs" a 'read 4' 'waited 8 joined'
		says "processes, $cpus CPUs" b 'read 4' 'waited 8 joined'
		says "processes, $cpus CPUs" c "${numbered[@]}"
	done
}

# Pages both written and executed: for the image that was built so, and for no other.
part_wx() {
	build 'build wx' --libos minimal -O2 "$programs/probe.c" --allow-wx -o wx.elf || return
	packed both <<-'CONF'
	[may]
	image = wx.elf
	arg = wx
	[not]
	image = probe.elf
	arg = wx
	CONF
	runs both 1 0
	says wx may 'write and execute: done'
	says wx not 'write and execute: write and execute on one page'
}

# 64 images that are all there at the same time, of both kinds.
part_many() {
	local i
	{
		printf 'mem = 256M\n[counts]\nimage = judge.elf\nsees = all\nmemory = 2M\narg = 64\n'
		for ((i = 1; i <= 31; i++)); do
			printf '[m%d]\nimage = act.elf\nmemory = 2M\nrestart = always\narg = line:here\narg = wait:60000\n' $i
			printf '[p%d]\nimage = say.elf\nmemory = 3M\nrestart = always\narg = here\narg = wait\n' $i
		done
		printf '[last]\nimage = act.elf\nmemory = 2M\nrestart = always\narg = line:here\narg = wait:60000\n'
	} | packed many
	for cpus in 1 4; do
		runs many $cpus 0 -m 256M
		says "many, $cpus CPUs" counts '64 at once'
	done
}

# Who empties its last slice can never run again: it ends, with a reason, and starts again as it should.
part_empty() {
	packed empty <<-'CONF'
	cpus = 2
	[gone]
	image = act.elf
	restart = on-failure
	restarts = 1
	arg = line:here
	arg = empty
	[both]
	image = act.elf
	cpus = 0-1
	arg = empty
	[well]
	image = act.elf
	arg = wait:2500
	CONF
	runs empty 2 125
	says empty gone here here
	has 'empty: nobody goes on' '^(gone|both).*still' 0
	has 'empty: each with its reason' '^steward: (gone|both): has emptied all its slices, and can never run again: stopped$' 3
	has 'empty: who sleeps is well' '^steward: well: exit status 0$'
}

# libos-posix puts there what nobody was promised.  Asked for it, it moves what it can, and loses the rest.
part_borrows() {
	# With a clock that counts instructions what is done before the deadline is not the host's affair.
	loaned 1 0 -icount shift=0,sleep=off
	has 'borrows: all give it back in time' '^steward: (fits|much|forks): has given back [0-9]+ KiB$' 3
	says 'borrows: moved while it is written' fits ready '1500 pages, 0 wrong, 0 miscounted'
	says 'borrows: a child has its own' forks 'child: 0' ready '600 pages, 0 wrong, 0 miscounted'
	has 'borrows: what had no place is lost, not zero' '^much\|.it was on loan, and has been taken back'
	has 'borrows: and it ends with that' '^steward: much: exit status 135$'
	# With one that does not: in time or not, nobody reads what was not written.
	loaned 2 0-1
	has 'borrows, 2 CPUs: given back, or taken' '^steward: (fits|much|forks): (has given back [0-9]+ KiB|did not give back in time: [0-9]+ KiB taken)$' 3
	has 'borrows, 2 CPUs: all there, or an end with a reason' '^(fits|forks)\|.([0-9]+ pages, 0 wrong, 0 miscounted|it was on loan, and has been taken back)$' 2
	has 'borrows, 2 CPUs: that too if it is too much' '^much\|.it was on loan, and has been taken back'
}

# loaned CPUS LIST [OPTION of QEMU...]: when all have their memory it is asked back, then they look at it
loaned() {
	local cpus=$1 list=$2 i
	shift 2
	packed loaned <<-CONF
	[fits]
	image = borrows.elf
	memory = 16M
	guaranteed = 12M
	cpus = $list
	arg = 1500
	arg = busy
	[much]
	image = borrows.elf
	memory = 12M
	guaranteed = 4M
	arg = 2000
	[forks]
	image = borrows.elf
	memory = 16M
	guaranteed = 12M
	arg = 600
	arg = fork
	CONF
	printf 'tty=0\0input=quoted\0' > settings
	rm -f typed && mkfifo typed && : > out
	(
		exec > typed
		for ((i = 0; i < limit * 10; i++)); do [ "$(grep -ac '^[a-z]*. ready' out)" -lt 3 ] || break; sleep 0.1; done
		printf '\035creclaim fits\nreclaim much\nreclaim forks\n'
		for ((i = 0; i < limit * 10; i++)); do
			[ "$(grep -acE '^steward: [a-z]*: (has given|did not give)' out)" -lt 3 ] || break
			sleep 0.1
		done
		printf '\n\0351\nx\n\0352\nx\n\0353\nx\n'
	) &
	timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg -cpu max -m 96 -smp $cpus "$@" \
		-nodefaults -no-user-config -display none -no-reboot -kernel loaned.elf \
		-fw_cfg name=opt/exo/settings,file=settings -serial stdio < typed > out 2> err
	wait
	tr -d '\r' < out > said
}

[ $# -gt 0 ] || set -- mixed restarts lines input prompt asks junk loans borrows awaits processes whole apart wx cpus empty many
parts "$@"
