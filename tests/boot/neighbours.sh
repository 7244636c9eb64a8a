#!/bin/bash
# neighbours.sh - several images on one kernel: whatever one of them does, the others have what is theirs.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/boot/neighbours.sh [PART...]     (none: all)
. "$(dirname "$0")/lib.bash"
. "$(dirname "$0")/steward.bash"
programs minimal act hostile judge turns
programs posix crowd say
build 'build legion' --libos minimal -O2 "$programs/hostile.c" --arg legion -o legion.elf || exit 1

# Who has images loaded shares its slices with them: it is asked to shorten them, or that is done to it.
part_turns() {
	local way cpus
	counted
	for way in answer ignore flip; do
		cpus=0
		[ $way != flip ] || cpus=1-2
		packed turns-$way <<-CONF
		[boss]
		image = turns.elf
		cpus = $cpus
		slice = 4ms
		loads = yes
		sees = all
		arg = $way
		CONF
	done
	runs turns-answer 1 0
	says 'turns: asked, answered' boss 'alone: 4000 of 4000 us' 'asked for slices: 1 of ours, to be 2000 us' \
		'with another: 2000 us at most' 'now 2000 us' 'alone again: 4000 of 4000 us'
	has 'turns: nothing is cut then' '^steward: boss: did not' 0
	has 'turns: the copy has its part' '^turns\| begins with 2000 us$'
	runs turns-ignore 1 0
	says 'turns: asked in vain' boss 'alone: 4000 of 4000 us' \
		'with another: 2000 us at most' 'now 2000 us' 'cut: slice of the first CPU' 'alone again: 4000 of 4000 us'
	has 'turns: the steward says so' '^steward: boss: did not shorten its slices in time: cut to 2000 us$'
	runs turns-flip 3 0
	has 'turns: whatever it does at the same time' '^boss\| with another: 2000 us at most$' 2
}

# What was typed at the prompt when all of them ran: images of libos-posix answer, whatever they do.
part_asked() {
	local cpus late
	for cpus in 1 2; do
		clock=() late='|did not give back in time: [0-9]+ KiB taken'
		if [ $cpus = 1 ]; then
			counted	# on two, with a clock that runs on, whoever is not in time is to be told so
			late=
		fi
		{
			printf 'cpus = %d\n' $cpus
			printf '[sleeps]\nimage = say.elf\nmemory = 16M\nguaranteed = 8M\nrestart = always\narg = wait\n'
			printf '[spins]\nimage = crowd.elf\nmemory = 16M\nguaranteed = 8M\ncpus = 0-%d\nrestart = always\narg = spin\n' $((cpus - 1))
			printf '[deaf]\nimage = act.elf\nmemory = 3M\nguaranteed = 2M\nrestart = always\narg = wait:60000\n'
			printf '[last]\nimage = act.elf\nmemory = 2M\ninput = yes\narg = line:ready\narg = echo:1\n'
		} | packed asked
		rm -f typed && mkfifo typed && : > out
		(
			exec > typed
			for ((i = 0; i < limit * 10; i++)); do ! grep -aq '^last. ready' out || break; sleep 0.1; done
			printf '\x1dcslice sleeps 2ms\nslice spins 2ms\nslice deaf 2ms\nslice last soon\nslice nobody 2ms\n'
			printf 'reclaim sleeps\nreclaim spins\nreclaim deaf\n'
			for ((i = 0; i < limit * 10; i++)); do
				[ "$(grep -aoE '^steward: (deaf: did not (give|shorten)|(sleeps|spins): (has given|did not give))' out |
					cut -d ' ' -f 2-5 | sed 's/^\(s[a-z]*\):.*/\1/' | sort -u | wc -l)" -lt 4 ] || break
				sleep 0.1
			done
			printf 'list\n\nend\n'
		) &
		typed=typed
		runs asked $cpus 0
		typed=/dev/null
		wait
		[ $cpus != 1 ] || has "asked: libos-posix shortens its slices" '^steward: (sleeps|spins): did not' 0
		has "asked, $cpus CPUs: libos-posix gives back what it was lent" "^steward: (sleeps|spins): (has given back [0-9]+ KiB$late)\$" 2
		has "asked, $cpus CPUs: who does not answer" '^steward: deaf: did not (shorten its slices in time: cut to 2000 us|give back in time: 1024 KiB taken)$' 2
		has "asked, $cpus CPUs: no time" '^steward: last: how long\?'
		has "asked, $cpus CPUs: nobody" '^steward: slice: no image ".*"; list shows them'
		has "asked, $cpus CPUs: they go on" '^[* ] +[123] (sleeps|spins|deaf) +runs ' 3
	done
}

# POSIX images of many processes and threads, good ones and bad ones, beside one that has neither.
part_crowds() {
	local cpus list way
	for cpus in 1 2; do
		list=0-$((cpus - 1))
		{
			printf 'cpus = %d\n' $cpus
			printf '[crowd]\nimage = crowd.elf\nmemory = 16M\ncpus = %s\narg = work\narg = 20\n' $list
			printf '[crash]\nimage = crowd.elf\nmemory = 8M\ncpus = %s\narg = crash\n' $list
			for way in bomb eat spin; do
				printf '[%s]\nimage = crowd.elf\nmemory = 8M\ncpus = %s\nrestart = always\narg = %s\n' $way $list $way
			done
			printf '[minimal]\nimage = act.elf\nmemory = 4M\narg = memory:880\narg = lines:40\narg = exit:6\n'
		} | packed crowds
		runs crowds $cpus 139
		says "crowds, $cpus CPUs" crowd '400 handed on, 20 processes well'
		says "crowds, $cpus CPUs" minimal 'memory: as much as it should be' "${numbered[@]}"
		has "crowds, $cpus CPUs: crashes are told apart" '^crash\| (grandchild: Aborted|child: Segmentation fault)$' 2
		has "crowds, $cpus CPUs: ends" '^steward: (crowd: exit status 0|minimal: exit status 6|crash: exit status 139)$' 3
	done
}

# All bad neighbours together: the good one has its memory, its time, its lines and its end.
part_hostile() {
	local way
	{
		cat <<-'CONF'
		[victim]
		image = act.elf
		memory = 4M
		arg = memory:880
		arg = lines:40
		input = yes
		arg = echo:1
		arg = line:good
		arg = exit:6
		CONF
		for way in bomb eat flood rings kick calls loads lies; do
			printf '[%s]\nimage = hostile.elf\nmemory = 3M\nrestart = always\nloads = yes\narg = %s\n' $way $way
		done
	} | packed neighbours
	for cpus in 1 2 4; do
		rm -f typed && mkfifo typed && : > out
		(	# when the harm is done the good one may go
			exec > typed
			for ((i = 0; i < limit * 10; i++)); do
				[ "$(grep -acE '^bomb. they run|^eat. nothing is left' out)" -lt 2 ] || break
				sleep 0.1
			done
			printf 'well\n'
		) &
		typed=typed
		runs neighbours $cpus 6
		typed=/dev/null
		wait
		says "hostile, $cpus CPUs" victim 'memory: as much as it should be' "${numbered[@]}" 'got well' good
		has "hostile, $cpus CPUs: they did their worst" '^bomb\| they run$|^eat\| nothing is left$' 2
	done
}

# Two equal slices on one CPU, the clock counting instructions: whatever the one does, the other has half.
part_shares() {
	local way served frames program before cut
	for way in ${WAYS:-spin bomb eat flood rings kick calls loads lies legion posix-bomb posix-eat posix-spin posix-crash}; do
		program=hostile before=100
		[ $way = ${way#posix-} ] || program=crowd
		[ $way != legion ] || program=legion before=2200
		packed shares-$way <<-CONF || continue
		mem = 64M
		[judge]
		image = judge.elf
		sees = all
		slice = 1ms
		arg = $before
		arg = 200
		arg = 3
		[victim]
		image = act.elf
		slice = 1ms
		memory = 4M
		restart = always
		arg = memory:880
		arg = spin:100000
		[bad]
		image = $program.elf
		slice = 1ms
		memory = 4M
		restart = always
		loads = yes
		arg = ${way#posix-}
		CONF
		: > raw
		timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -cpu max -m 64 \
			-nodefaults -no-user-config -display none -no-reboot -kernel shares-$way.elf \
			-serial file:raw < /dev/null > err 2>&1
		tr -d '\r' < raw > said
		served=$(sed -n 's/^judge| served //p' said) frames=$(sed -n 's/^judge| frames //p' said)
		if [ "${served:-0}" -ge 475 ]; then ok "shares: time beside $way"
		else not_ok "shares: time beside $way" "${served:-no answer} of 1000: $(tail -n 2 said | tr '\n' '|')"; fi
		# Hosting its environments by turns loses it nothing of its own turn.
		if [[ $way == *bomb || $way == *spin || $way == legion ]]; then
			if [ "${served:-0}" -le 525 ]; then ok "shares: that of $way too"
			else not_ok "shares: that of $way too" "the other has $served of 1000"; fi
		fi
		[ $way != legion ] || has 'shares: it has as many copies as it can' '^bad\| 8 copies$'
		if [ $way = legion ]; then	# a line for each copy, not one for each that shares with it
			cut=$(grep -ac 'did not shorten their slices\|did not shorten its slices' said)
			if [ "$cut" -ge 1 ] && [ "$cut" -le 8 ]; then ok 'shares: each division of a slice is said once'
			else not_ok 'shares: each division of a slice is said once' "$cut lines"; fi
		fi
		if [ $way = posix-bomb ]; then
			if grep -aq '^bad|.no more' said; then ok "shares: $way goes as far as it can"
			else not_ok "shares: $way goes as far as it can" 'it could always fork'; fi
		fi
		if [ "${frames:-0}" -ge 973 ]; then ok "shares: memory beside $way"
		else not_ok "shares: memory beside $way" "${frames:-no answer} of 1024"; fi
	done
}

[ $# -gt 0 ] || set -- turns asked crowds hostile shares
parts "$@"
