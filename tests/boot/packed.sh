#!/bin/bash
# packed.sh - images of several are booted: every way, with their input, crashes, statuses, and the RAM that is said.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
unset EXO_MADE
unset MAKEFLAGS MAKELEVEL MFLAGS
make -s -C "$top" exo-pack >&2 || { not_ok prepare 'the tree does not build'; exit 1; }
export EXO_MADE=yes
cd "$work" || exit 1

build 'build minimal' "$programs/minimal.c" --libos minimal -o minimal.elf || exit 1
build 'build posix' "$programs/posix.c" -o posix.iso || exit 1
build 'build shared' "$programs/posix.c" --link shared --rootfs "$programs" -o shared.img || exit 1

# packs NAME: the description on standard input becomes NAME.elf, or the image that $2 names
packs() {
	cat > "$1.conf"
	"$exo" pack "$1.conf" -o "${2:-$1.elf}" > "$work/out" 2> "$work/err" || {
		not_ok "pack $1" "$(last_words)"
		return 1
	}
}

# lines NAME PATTERN...: the last boot printed lines that match each of them (grep -E).
lines() {
	local name=$1 pattern
	shift
	for pattern; do
		grep -aqE -- "$pattern" "$work/both" "$work/err" && continue
		not_ok "$name" "nothing matches /$pattern/: $(tail -n 3 "$work/both" | tr '\n' '|' | cut -c 1-300)"
		return
	done
	ok "$name"
}

# Every way to boot one, a POSIX image that reads its input and a minimal one.
for suffix in iso img qcow2 elf; do
	packs all "all.$suffix" <<-'END' || continue
		[reads]
		image = posix.iso
		arg = cat
		[five]
		image = minimal.elf
		arg = status
		arg = 5
	END
done
printf 'a line\nno newline' > typed
input=typed
for way in 'all.iso --firmware bios' 'all.iso --firmware uefi' 'all.img --firmware bios --cpus 2' \
	'all.qcow2 --firmware uefi' 'all.elf' 'all.elf --firmware microvm' 'all.iso --firmware direct'; do
	boot "${way/--firmware /}" 5 '^reads\| a line$' $way --timeout "$limit"
	lines "${way/--firmware /}, the end of the input" '^reads\| no newline$'
done
input=
head -c 300 /dev/urandom | base64 -w 60 | tr 'AB' '\020\004' > typed	# bytes that have a meaning on the way
input=typed
boot 'bytes that mean something on the way' 5 '' all.elf --timeout "$limit"
sed -n 's/^reads| //p' "$work/both" > got
expect 'they arrive' 0 '' cmp typed got
input=

# Arguments and environment: the image's own, then those of the description.
build 'build with arguments' "$programs/posix.c" --arg env --arg one --env A=1 --env B=2 -o own.elf &&
	packs args <<-'END' && boot 'arguments and environment' 0 '' args.elf --timeout "$limit" &&
		[a]
		image = own.elf
		arg = two words
		arg = "  "
		env = B=3
	END
	lines 'arguments and environment, each' '^a\| argv\[1\] = <env>$' '^a\| argv\[2\] = <one>$' '^a\| argv\[3\] = <two words>$' \
		'^a\| argv\[4\] = <  >$' '^a\| environment <A=1>$' '^a\| environment <B=3>$'

# The status is the first that is not 0, in the order of the list.
packs status <<-'END' && boot 'the first status that is not 0' 3 '^c\| argv' status.elf --timeout "$limit"
	[a]
	image = minimal.elf
	arg = status
	arg = 0
	[b]
	image = posix.iso
	arg = status
	arg = 3
	[c]
	image = shared.img
	arg = hello
	[d]
	image = minimal.elf
	arg = status
	arg = 9
END

# One that crashes: its status, a backtrace with its own symbols, and nothing else is disturbed.
packs crash crash.iso <<-'END' && boot 'a crash' 139 '^well\| heap: yes' crash.iso --timeout "$limit" &&
	[well]
	image = posix.iso
	[crashes]
	image = posix.iso
	arg = crash
	arg = null
	[too]
	image = minimal.elf
	arg = crash
	arg = divide
	[three]
	image = shared.img
	arg = crash
	arg = illegal
END
	lines 'backtraces of each' '^exo-build: crashes:$' '^exo-build: too:$' '^exo-build: three:$' \
		'crash_here at .*posix.c' 'crash_here at .*minimal.c' 'crash_caller at .*posix.c:'
grep -A 1 '^exo-build: too:' "$work/err" > one
expect 'each with its own symbols' 0 'minimal.c' cat one
rm -r crash.iso.dbg
boot 'without symbols' 139 'no symbols: crash.iso.dbg/crashes is not there' crash.iso --timeout "$limit"

# What pack says an image needs is enough to start it.
for file in minimal.elf posix.iso shared.img; do
	printf '%s\n' '[a]' "image = $file" 'memory = 4K' 'arg = hello' > need.conf
	expect "too little for $file" 1 'need.conf:3: a: memory = 4K is too little, it needs [0-9]+K$' "$exo" pack need.conf
	need=$(sed -n 's/.* it needs \([0-9]*K\)$/\1/p' err)
	sed -i "s/4K/$need/" need.conf
	expect "the least for $file" 0 'images +a$' "$exo" pack need.conf --no-prove
	boot "it starts with that: $need" 0 '^a\| ' need.iso --timeout "$limit"
done

# CPUs: one image on two, one that has one for itself, and what becomes of them without.
build 'build twocpus' "$top/apps/twocpus/main.c" --libos minimal --cpus 2 -o twocpus.elf && packs cpus <<-'END' &&
	[two]
	image = twocpus.elf
	[alone]
	image = posix.iso
	cpus = 2
	claim = yes
	[last]
	image = minimal.elf
	cpus = 1,3
END
	boot 'CPUs' 0 '^two\| twocpus: tapped' cpus.elf --timeout "$limit" &&
	lines 'CPUs, the others' '^alone\| heap: yes' '^last\| CPUs: ' &&
	boot 'a machine with fewer' 125 '^two\| twocpus: tapped' cpus.elf --cpus 2 --timeout "$limit" &&
	lines 'who does not start' 'alone: not started: the machine lacks' 'last: not started: the machine lacks'

# Packs of packs.
printf '%s\n' '[one]' 'image = minimal.elf' 'arg = status' 'arg = 4' 'memory = 3M' > inner.conf
expect 'a pack of a pack' 0 'images +posix one posix-2$' bash -c '"$0" pack inner.conf -o inner.qcow2 > inner.log &&
	"$0" pack posix.iso inner.qcow2 posix.iso -o outer.iso' "$exo"
boot 'it boots' 4 '^posix-2\| heap: yes' outer.iso --timeout "$limit"

# The least RAM is proved by a boot, in which nobody gets beyond its main.
expect 'the least RAM' 5 'least RAM +[0-9]+ MiB \(proved' "$exo" pack all.conf -o least.elf --run
least=$(sed -n 's/.*least RAM *\([0-9]*\) MiB.*/\1/p' "$work/both")
boot 'it runs with that' 5 '' least.elf -m "${least}M" --timeout "$limit"
boot 'with too little the steward says who has none' 125 'not started: there is not enough memory' least.elf -m 6M --timeout "$limit"
printf '%s\n' '[a]' 'image = posix.iso' 'restart = always' > ever.conf
expect 'who would start again for ever does not when it is proved' 0 'MiB \(proved' "$exo" pack ever.conf
expect 'no proof' 0 'MiB \(computed, not proved' "$exo" pack ever.conf --no-prove

# 64 of them in 256 MiB.
for i in $(seq 64); do printf '[n%d]\nimage = minimal.elf\nmemory = 2M\narg = hello\narg = %d\n' "$i" "$i"; done > many.conf
expect '64 images' 0 ' n64$' "$exo" pack many.conf -o many.elf
boot '64 images boot' 0 '^n64\|' many.elf -m 256M --timeout $((2 * limit))
sed -n 's/^n\([0-9]*\)| argv\[2\] = <\1>$/\1/p' "$work/both" | sort -u > each
expect 'each with its own arguments' 0 '^64 each$' wc -l each

# The example.
unset EXO_MADE
expect 'make example' 0 'images +calc pager again$' make -s -C "$top" example
export EXO_MADE=yes
echo '6 * 7' > typed
input=typed boot 'the example' 0 '^calc\| 42$' "$top/build/out/images/example.iso" --timeout "$limit"
lines 'the example: both copies' '^pager\| pager: [0-9]+ faults served' '^again\| pager: [0-9]+ faults served'
exit $((bad > 0))
