#!/bin/bash
# run.sh - boot each kernel test program with 1, 2 and 4 CPUs.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/kernel/run.sh [PROGRAM...]     CPUS="1 2 4" BOOT_TIMEOUT=240
#        SEED=N CALLS=N ROUNDS=N: what the random calls of model and fuzz begin with, how many
#        (none: the same every time; tests/long/fuzz.sh takes others)
#
# `make test-kernel` builds what is run here.  The programs print their own "ok" and "not ok"
# lines; a program that hangs, dies or ends otherwise is one more failure.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/kernel
kernel=build/out/kernel/exokernel
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# boot PROGRAM CPUS NAME [QEMU-OPTION...]: prefix its lines, say how it ended if not well.
boot() {
	local program=$1 cpus=$2 name=$3 status=0 end
	shift 3
	rm -f "$work"/{console,debug}
	timeout "${BOOT_TIMEOUT:-240}" qemu-system-x86_64 -accel tcg -cpu max -m 64 \
		-smp "$cpus" -nodefaults -no-user-config -display none -no-reboot "$@" \
		-kernel $kernel -initrd "$work/$program.archive" \
		-chardev "file,id=console,path=$work/console" -serial chardev:console \
		-chardev "file,id=debug,path=$work/debug" \
		-device isa-debugcon,iobase=0xe9,chardev=debug </dev/null 2>"$work/err" || status=$?
	# What a program prints as comments is of interest if a test fails; "line" is what
	# long_output in shared.c counts up.
	if [ "$program" = shared ] && ! grep -o '^# line *[0-9]*' "$work/console" |
		awk '$3 != NR - 1 { exit 1 } END { exit NR != 300 }'; then
		echo "not ok $name/console (lines are missing or out of order)"
		bad=1
	fi
	tr -d '\r' <"$work/console" | grep -v '^# line ' | sed "s|^ok |&$name/|; s|^not ok |&$name/|"
	end=$(grep -E '^exo: (exit|stop|refuse|panic)' "$work/debug" | tail -n 1)
	if [ $status = 124 ]; then
		echo "not ok $name (hang)"
	elif [ -z "$end" ]; then
		echo "not ok $name (died: $(tail -n 1 "$work/debug" "$work/err" | tr '\n' ' '))"
	elif [ "$end" != 'exo: exit 0' ] && [ "$end" != 'exo: exit 1' ]; then
		echo "not ok $name ($end)"
	elif ! grep -q '^done' "$work/console"; then
		echo "not ok $name (ended early)"
	elif [ "$end" = 'exo: exit 0' ]; then
		return
	fi
	bad=1
}

# Whatever has tests is a program.
if [ $# = 0 ]; then
	set -- $(grep -l "^const struct ktest ktests" tests/kernel/*.c | sed "s|.*/||; s|\\.c\$||")
fi
printf 'seed=%s\0calls=%s\0rounds=%s\0' "${SEED:-1}" \
	"${CALLS:-100000}" "${ROUNDS:-8}" >"$work/settings"
for program; do
	build/out/tools/exo-image pack "$out/$program.elf" -o "$work/$program.archive" || exit 1
	some="1 2 4" more=()
	case $program in
	smp | races) some="2 4" ;;
	# What fails once fails again with the seed that was printed.  The model knows of one CPU.
	model) some=1 more=(-fw_cfg "name=opt/exo/settings,file=$work/settings") ;;
	fuzz) more=(-fw_cfg "name=opt/exo/settings,file=$work/settings") ;;
	# judged by time, so time is what is counted: a tick for each instruction
	edf | shares | ticks) more=(-icount shift=0,sleep=off) ;;
	esac
	for cpus in ${CPUS:-$some}; do
		case " $some " in
		*" $cpus "*) boot "$program" "$cpus" "$program-$cpus" "${more[@]}" ;;
		esac
	done
done

# One instruction at a time, so that interrupts come between any two: the resume range is
# restarted at each of its instructions.
case " $* " in
*' smp '*) boot smp 2 smp-2-singlestep -singlestep ;;
esac

# With page tables that show environments no more of the kernel than its entry.
separate=(-fw_cfg "name=opt/exo/tables,string=separate")
for program in ${SEPARATE-calls accounts upcalls vectors transfer guests races smp}; do
	case " $* " in
	*" $program "*)
		boot "$program" 2 "$program-2-separate" "${separate[@]}"
		grep -q '^exo: log on:.*; separate page tables' "$work/debug" && continue
		echo "not ok $program-2-separate (the kernel does not say so)"
		bad=1 ;;
	esac
done
case " $* " in
*' smp '*) boot smp 2 smp-2-separate-singlestep -singlestep "${separate[@]}" ;;
esac

# A machine with RAM on both sides of 4 GiB and a processor that tells how its caches are built.
case " $* " in
*' frames '*)
	boot frames 1 frames-1-high -machine pc,max-ram-below-4g=64M -m 128 -cpu max,vendor=GenuineIntel
	for line in 'a frame above 4 GiB' 'page colours: level 1 1, level 2 64, level 3 256, last 256'; do
		grep -q "^# $line" "$work/console" && continue
		echo "not ok frames-1-high (it does not find: $line)"
		bad=1
	done ;;
esac
exit $bad
