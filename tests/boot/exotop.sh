#!/bin/bash
# exotop.sh - exotop's numbers add up, its screen is one, and it asks the kernel nothing.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1
build exotop --libos minimal "$top"/apps/exotop/*.c -o exotop.elf || exit 1

# facts FILE: what `once` printed adds up; else say what does not.
facts() {
	awk '
	$1 == "ram" { ram = $2; kernel = $4; free = $6 }
	$1 == "cpu" { cpus++; idle[$2] = $6 }
	$1 == "account" {
		accounts++; own += $8; time[$2] = $14; above[$2] = $4
		if ($4 == $2) { first = $2; all = $6 }
		if ($(NF - 1) == "used" && $NF != $6) wrong = wrong " account " $2 " has " $6 " frames, the kernel says " $NF
	}
	$1 == "environment" {
		envs++
		if (!($4 in time)) wrong = wrong " environment " $2 " has no account"
		served[$6] += $14
	}
	END {
		if (!ram || ram != kernel + free + own) wrong = wrong " RAM is not the sum of its parts"
		if (all != own) wrong = wrong " the first account does not have all"
		for (n = 0; n < cpus; n++)
			if (served[n] + idle[n] > 1000) wrong = wrong " CPU " n ": more than all of its time"
		if (wrong) print wrong
		else print "accounts", accounts, "environments", envs, "CPUs", cpus
	}' "$1"
}

# The clock counts instructions where times are judged.
for cpus in 1 2; do
	"$exo" run exotop.elf --cpus $cpus --counted --timeout "$limit" -- once 300 < /dev/null 2> "$work/err" | tr -d '\r' > text
	said=$(facts text)
	if [ "$said" = "accounts 1 environments 1 CPUs $cpus" ]; then
		ok "exotop once, $cpus CPUs"
	else
		not_ok "exotop once, $cpus CPUs" "$said"
	fi
done

# final FILE: the screen that a terminal of 80 columns shows in the end, row by row.
final() {
	tr -d '\r' < "$1" | awk '
	BEGIN { RS = "\033"; for (r = 1; r <= 24; r++) row[r] = sprintf("%80s", "") }
	{
		text = $0
		if (text ~ /^\[2J/) { for (r = 1; r <= 24; r++) row[r] = sprintf("%80s", ""); next }
		if (text !~ /^\[[0-9]+;[0-9]+H/) next
		split(substr(text, 2), at, /[;H]/)
		sub(/^\[[0-9]+;[0-9]+H/, "", text)
		sub(/\n.*/, "", text)
		if (at[2] + length(text) - 1 > 80) print "row " at[1] " is longer than the screen"
		row[at[1]] = substr(row[at[1]], 1, at[2] - 1) text substr(row[at[1]], at[2] + length(text))
	}
	END { for (r = 1; r <= 24; r++) print row[r] }'
}

screens() { tr -cd '\033' < text | wc -c; }	# at least: each begins with one

# await COMMAND...: until it succeeds; not for ever.
await() {
	for ((i = 0; i < limit * 10; i++)); do
		"$@" && return
		sleep 0.1
	done
	return 1
}
shows() { grep -aq -- "$1" text; }
many() { [ "$(screens)" -gt "$1" ]; }

# live NAME MEMORY: watch it, pause it, sort by time, go on, quit.
live() {
	local name=$1 status=0 calls drawn
	rm -f keys && mkfifo keys
	: > text
	"$exo" run exotop.elf --mem "$2" --timeout "$limit" -- 100 < keys > text 2> "$work/err" &
	exec 3> keys
	await shows 'q quits' && await many 40
	printf p >&3
	await shows '(paused)' || not_ok "$name" 'it does not pause'
	printf 2p >&3
	await many $(($(screens) + 10))
	printf q >&3
	exec 3>&-
	wait $! || status=$?
	final text > screen
	read -r drawn calls < <(sed -n 's/^exotop: \([0-9]*\) screens, \([0-9]*\) calls.*/\1 \2/p' <(tr -d '\r' < text))
	if [ $status -ne 0 ]; then
		not_ok "$name" "status $status: $(last_words)"
	elif ! [[ $(sed -n 1p screen) == exotop*MiB* && $(sed -n 24p screen) == 'q quits'* ]] ||
		! grep -q '^A [0-9]* .* none ' screen || grep -q 'longer' screen; then
		not_ok "$name" "not the screen: $(head -n 3 screen | tr '\n' '|')"
	else
		ok "$name"
	fi
	# A sleep and a kick for each screen, a kick for each of four keys, and the first screen's; and now and then a wait
	# for a console that a busy host leaves full.
	if [ "${calls:-0}" -gt 0 ] && [ "$calls" -le $((5 * drawn / 2 + 8)) ]; then
		ok "$name: no call but to sleep and to the console"
	else
		not_ok "$name: no call but to sleep and to the console" "$calls calls for $drawn screens"
	fi
}
live 'exotop live' 64M
live 'exotop live, with more to look at' 1G

# Among others: one that spins for some seconds, and one that may not look.
cat > spin.c <<'END'
#include <mini/mini.h>
int main(void)
{
	for (exo_ns_t end = mini_now() + 8000 * MINI_NS_PER_MS; mini_now() < end;)
		__asm__ volatile("pause");
	return 0;
}
END
cat > many.conf <<'END'
[top]
image = exotop.elf
sees = all
arg = once
arg = 2000
[spin]
image = spin.elf
memory = 3M
[blind]
image = exotop.elf
END
if build 'exotop in a pack' --libos minimal spin.c -o spin.elf && "$exo" pack many.conf -o many.elf > out 2> err; then
	status=0
	"$exo" run many.elf --counted --timeout "$limit" < /dev/null 2> "$work/err" | tr -d '\r' > text || status=$?
	sed -n 's/^top| //p' text > facts
	said=$(facts facts)
	spun=$(awk '$1 == "environment" && $14 > most { most = $14 } END { print most + 0 }' facts)
	if [ "$said" != 'accounts 5 environments 4 CPUs 1' ] && [ "$said" != 'accounts 4 environments 3 CPUs 1' ]; then
		not_ok 'exotop in a pack' "$said: $(tail -n 3 text | tr '\n' '|')"	# one is for loans; blind may be gone
	elif [ "$spun" -lt 500 ]; then
		not_ok 'exotop in a pack' "nobody spins: $spun of 1000"
	elif ! grep -q '^account .* limit 768 guaranteed 768 name spin$' facts; then
		not_ok 'exotop in a pack' "the steward's names are not there: $(grep '^account' facts | tr '\n' '|')"
	else
		ok 'exotop in a pack'
	fi
	if grep -q "^blind| exotop: the kernel's tables are not open to this image" text && [ $status -eq 1 ]; then
		ok 'exotop that may not look'
	else
		not_ok 'exotop that may not look' "status $status: $(tail -n 3 text | tr '\n' '|')"
	fi
else
	not_ok 'exotop in a pack' "is not packed: $(tail -n 1 err)"
fi

# At a terminal it has the screen alone while it has the input; what others print comes when the prompt is asked for.
cat > screen.conf <<'END'
mem = 64M
[top]
image = exotop.elf
sees = all
input = yes
arg = 100
[again]
image = act.elf
restart = on-failure
arg = line:here
arg = wait:100
arg = crash
[flood]
image = act.elf
arg = wait:1500
arg = lines:2000
END
# beside FILE: what of it is not on a full-screen program's screen
beside() {
	tr -d '\r' < "$1" | awk '
	BEGIN { RS = "\033" }
	/^\[\?1049h/ { inside = 1; sub(/^\[\?1049h/, "") }
	/^\[\?1049l/ { inside = 0; sub(/^\[\?1049l/, "") }
	!inside { printf "%s", $0 }
	inside && /(again|flood)\|/ || inside && /steward: / { print "wrong: " $0 }'
}
said() { beside text | grep -aqE -- "$1"; }
if build 'exotop at a terminal' --libos minimal "$top/tests/boot/steward/act.c" -o act.elf &&
	"$exo" pack screen.conf -o screen.elf > out 2> err; then
	rm -f keys && mkfifo keys
	: > text
	timeout -k 5 $((2 * limit)) qemu-system-x86_64 -accel tcg -cpu max -m 64 -nodefaults -no-user-config -display none \
		-no-reboot -kernel screen.elf -serial stdio < keys > text 2> err &
	exec 3> keys
	await shows 'q quits' && await many 60
	sleep 2
	! said 'lines are left out|flood: exit|starts again' || not_ok 'exotop at a terminal' 'others print while it has the screen'
	printf '\035c' >&3
	for line in '^again\| here' '^steward: again: starts again' '^flood\| line 2000' '^steward: flood: exit status 0'; do
		await said "$line" || not_ok 'exotop at a terminal: the prompt' "$(beside text | tail -n 5 | tr '\n' '|')"
	done
	beside text > lines
	printf '\n' >&3
	await many $(($(screens) + 60))
	printf 'q' >&3
	await said '^top\| exotop: [0-9]+ screens' || not_ok 'exotop at a terminal: its end' "$(beside text | tail -n 5 | tr '\n' '|')"
	printf '\035coff\n' >&3
	exec 3>&-
	wait $!
	beside text > all
	if grep -aq '^wrong: ' all; then not_ok 'exotop at a terminal: nobody else writes there' "$(grep -a -m 1 '^wrong: ' all)"
	else ok 'exotop at a terminal: nobody else writes there'; fi
	if grep -aq '^again| here' lines && grep -aq '^steward: again: starts again' lines &&
		grep -aq '^flood| line 2000' lines && grep -aqE '^steward: flood: exit status 0' lines; then
		ok 'exotop at a terminal: what others print comes later'
	else
		not_ok 'exotop at a terminal: what others print comes later' "$(tail -n 5 lines | tr '\n' '|')"
	fi
	if [ "$(grep -ao '1049h' text | wc -l)" -eq 2 ] && [ "$(grep -ao '1049l' text | wc -l)" -eq 2 ]; then
		ok 'exotop at a terminal: it has the screen again'
	else
		not_ok 'exotop at a terminal: it has the screen again' "$(grep -ao '1049.' text | tr '\n' ' ')"
	fi
else
	not_ok 'exotop at a terminal' "is not packed: $(tail -n 1 err)"
fi
exit $((bad > 0))
