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

for cpus in 1 2; do
	"$exo" run exotop.elf --cpus $cpus --timeout "$limit" -- once 300 < /dev/null 2> "$work/err" | tr -d '\r' > text
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
	# A sleep and a kick for each screen, a kick for each of four keys, and the first screen's.
	if [ "${calls:-0}" -gt 0 ] && [ "$calls" -le $((2 * drawn + 8)) ]; then
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
	"$exo" run many.elf --timeout "$limit" < /dev/null 2> "$work/err" | tr -d '\r' > text || status=$?
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
exit $((bad > 0))
