#!/bin/bash
# debugger.sh - run --gdb waits for a debugger and obeys it; run --kvm runs, or says why not.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1
build 'build' "$programs/minimal.c" --libos minimal -o m.elf || exit 1

# begin: a machine that waits, in the background; what it prints in $work/said
begin() {
	"$exo" run m.elf --gdb --timeout "$limit" -- status 7 > said 2> told < /dev/null &
	machine=$!
	until (: < /dev/tcp/127.0.0.1/1234) 2> /dev/null; do
		kill -0 $machine 2> /dev/null || return 1
		sleep 0.1
	done
}

# ended NAME: it ends with the program's status
ended() {
	local status=0
	wait $machine || status=$?
	if [ $status -eq 7 ]; then ok "$1"
	else not_ok "$1" "status $status: $(tail -n 2 told | tr '\n' '|')"; fi
}

# packet DATA: send it, and leave the answer's data in $answer
packet() {
	local sum=0 i c
	for ((i = 0; i < ${#1}; i++)); do
		printf -v c %d "'${1:i:1}"
		sum=$(((sum + c) & 255))
	done
	printf '$%s#%02x' "$1" $sum >&3
	answer=
	IFS= read -r -t "$limit" -d '#' answer <&3
	read -r -t "$limit" -n 2 _ <&3
	printf + >&3
	answer=${answer#*$}
}

if (: < /dev/tcp/127.0.0.1/1234) 2> /dev/null; then
	echo 'port 1234 is taken: the tests of --gdb are left out'
else
	if begin; then
		if grep -q "^exo-build: waiting: gdb .*target remote :1234.*m.elf.*\.dbg" told; then ok 'what to type'
		else not_ok 'what to type' "$(tail -n 2 told | tr '\n' '|')"; fi
		exec 3<> /dev/tcp/127.0.0.1/1234
		packet '?'
		if [[ $answer =~ ^[TS]05 ]]; then ok 'it waits for the debugger'
		else not_ok 'it waits for the debugger' "answer <$answer>"; fi
		if [ -s said ]; then not_ok 'nothing runs before' "$(head -n 1 said)"
		else ok 'nothing runs before'; fi
		packet D
		exec 3>&-
		ended 'let go, it runs to its end'
	else
		not_ok 'it waits for the debugger' "$(tail -n 2 told | tr '\n' '|')"
		wait $machine
	fi
	if ! command -v gdb > /dev/null; then
		echo 'gdb is not installed: breakpoints are left out'
	elif begin; then
		timeout "$limit" gdb -nx -batch -ex 'set confirm off' -ex "set remotetimeout $limit" -ex 'target remote 127.0.0.1:1234' \
			-ex 'hbreak load_first' -ex continue -ex backtrace -ex 'print info->cpus' -ex detach \
			"$top/build/out/kernel/exokernel.elf" > gdb.out 2>&1 < /dev/null
		if grep -q '^#0 .*load_first' gdb.out && grep -q '^#1 .*boot_rest' gdb.out &&
			grep -q '^\$1 = 1' gdb.out; then
			ok 'a breakpoint in the kernel, its callers and variables'
		else
			not_ok 'a breakpoint in the kernel, its callers and variables' "$(tail -n 4 gdb.out | tr '\n' '|')"
		fi
		ended 'it goes on after the debugger'
	else
		not_ok 'it waits for gdb' "$(tail -n 2 told | tr '\n' '|')"
	fi
fi

if [ -w /dev/kvm ] && grep -qE "^flags.* (vmx|svm)( |$)" /proc/cpuinfo; then
	boot 'run --kvm' 7 '' m.elf --kvm --timeout "$limit" -- status 7
elif [ ! -w /dev/kvm ]; then
	expect 'run --kvm without KVM' 1 '/dev/kvm cannot be opened' "$exo" run m.elf --kvm
else
	echo "/dev/kvm is there without a processor that has it: run --kvm is left out"
fi
exit $((bad > 0))
