#!/bin/bash
# files.sh - files until memory ends and in large numbers; the terminal.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

if build 'build files' "$programs/files.c" -O2 -o files.elf; then
	boot 'files fill memory' 0 '^ok$' files.elf -m 16M --timeout "$limit" -- full
	boot 'files fill a small machine' 0 '^ok$' files.elf -m 4M --timeout "$limit" -- full
	boot 'names fill memory' 0 '^ok$' files.elf -m 8M --timeout "$limit" -- names
	boot '20000 names in a directory' 0 '^ok$' files.elf -m 32M --timeout "$limit" -- crowd
	boot 'a file of 100 MB' 0 '^ok$' files.elf -m 256M --timeout "$limit" -- large
fi

# typed AFTER TEXT: type the text (printf's format) once a line matches AFTER.
typed() {
	for ((i = 0; i < limit * 10; i++)); do
		! grep -aq "$1" screen 2> /dev/null || break
		sleep 0.1
	done
	printf "$2" >&9
}

# The terminal: its whole screen at the end.
terminal() {
	local status
	rm -f keys screen
	mkfifo keys
	script -qfec "$exo run terminal.elf --timeout $limit" screen < keys > /dev/null &
	exec 9> keys
	typed 'name?' 'Adx\177a\r'
	typed 'password?' 'secret\r'
	typed 'keys?' 'k\033[A'
	wait $!
	status=$?
	exec 9>&-
	tr -d '\r' < screen | sed '1d; $d' | grep -av '^$' > got
	printf '%s\n' 'name?' $'Adx\b \ba' 'name <Ada>' 'password?' 'password <secret>' 'keys?' \
		'key 1 107' 'key 27' 'key 91' 'key 65' 'none 0' 'poll 0' > want
	if [ $status -eq 0 ] && cmp -s want got; then ok 'a terminal'
	else not_ok 'a terminal' "status $status: $(diff want got | head -n 5 | tr '\n' '|')"; fi
}

# The keys that make signals, and the one that ends the machine.
all_keys() {
	local status
	rm -f keys screen
	mkfifo keys
	script -qfec "$exo run keys.elf --keys --timeout $limit" screen < keys > /dev/null &
	exec 9> keys
	typed 'key 0?' '\003'
	typed 'key 1?' '\032'
	typed 'key 2?' '\034'
	typed 'word?' '\001\001\r'
	typed 'end?' '\001x'
	wait $!
	status=$?
	exec 9>&-
	if [ $status -eq 130 ] && [ "$(grep -ac '^signal ' screen)" = 3 ] && grep -aq '^1 10' screen; then
		ok 'all keys are the program'"'"'s'
	else not_ok 'all keys are the program'"'"'s' "status $status: $(tail -n 5 screen | tr '\n\r' '| ')"; fi
}

if build 'build terminal' "$programs/terminal.c" -O2 -o terminal.elf; then
	boot 'a stream is no terminal' 1 '^no terminal$' terminal.elf --timeout "$limit"
	if script -qec true /dev/null > /dev/null 2>&1; then
		terminal
		build 'build keys' "$programs/keys.c" -O2 -o keys.elf && all_keys
	else echo '# a terminal: skipped, no script(1) or no pseudo-terminals here'; fi
fi
exit $((bad > 0))
