#!/bin/bash
# pack.sh - several images made into one: what is accepted, what is refused and how, what comes of it.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
unset EXO_MADE
unset MAKEFLAGS MAKELEVEL MFLAGS
make -s -C "$top" exo-pack >&2 || { not_ok prepare 'the tree does not build'; exit 1; }
export EXO_MADE=yes
cd "$work" || exit 1
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
pack=("$exo" pack --no-prove)
inspect=("$exo" inspect)
export exo exo_image	# for expect's shells

# One program in all the forms that can be packed.
for format in iso img qcow2 elf; do
	build "build $format" "$programs/minimal.c" --libos minimal --arg "in .$format" -o m.$format || exit 1
done
eval "$("$exo" --print cc --libos minimal) -O2 -g $(printf %q "$programs/minimal.c") -o prog"
eval "$("$exo" --print cc) -O2 -g $(printf %q "$programs/posix.c") -o shared"
build 'build posix' "$programs/posix.c" --mem 48M --cpus 2 -o posix.iso || exit 1

expect 'all kinds of files' 0 'images +m m-2 m-3 m-4 prog shared posix$' \
	"${pack[@]}" m.iso m.img m.qcow2 m.elf prog shared posix.iso -o all.iso
for format in img qcow2 elf; do
	expect "into .$format" 0 "/all.$format\$" "${pack[@]}" m.iso m.img m.qcow2 m.elf prog shared posix.iso \
		-o all.$format
	expect "inspect .$format" 0 '^image 7: posix' "${inspect[@]}" all.$format
done
expect '.img is the same bytes as .iso' 0 '' cmp all.iso all.img
"$exo_image" extract all.iso -o from.iso && "$exo_image" extract all.elf -o from.elf
expect 'the same archive in .iso and .elf' 0 '' cmp from.iso from.elf
"$exo_image" extract m.iso -o m.archive
"$exo_image" extract all.iso --name m -o own.archive
expect 'an image is in it byte for byte' 0 '' cmp m.archive own.archive
"$exo_image" extract all.iso --name posix -o own.archive && "$exo_image" extract posix.iso -o posix.archive
expect 'a POSIX image too' 0 '' cmp posix.archive own.archive
expect 'no such image in it' 1 'there is no image "x" in it' "$exo_image" extract all.iso --name x -o own.archive
expect 'an application is what its own image would be' 0 '' bash -c '
	"$exo" --no-prove ./prog -o prog.elf > /dev/null && "$exo_image" extract prog.elf -o a &&
		"$exo_image" extract all.iso --name prog -o b && cmp a b'
expect 'symbols of each that has some' 0 '^m m-2 m-3 m-4 posix prog shared ?$' bash -c 'ls all.iso.dbg | tr "\n" " "'
expect 'the symbols are the right ones' 0 '' "$exo_image" same all.iso --name prog all.iso.dbg/prog
expect 'those of another image are not' 1 '' "$exo_image" same all.iso --name m all.iso.dbg/prog
expect 'the machine has what they ask for' 0 '^cpus=2$' "$exo_image" settings all.iso
expect 'the memory an image was built for' 0 '"name": "posix",.* "memory": 50331648,' "${inspect[@]}" all.iso --json

# The same archive is there once, whoever has it.
expect 'copies' 0 'images +m m-2 m-3$' "${pack[@]}" m.iso m.iso m.iso -o copies.elf
expect 'one archive for three images' 0 'archives +1 different' "${inspect[@]}" copies.elf
expect 'inspect --json: whose it is' 0 '"name": "m-3".* "same_as": "m"' "${inspect[@]}" --json copies.elf
expect 'inspect --json: what is saved' 0 '"constant_shared": [1-9]' "${inspect[@]}" --json copies.elf
"${pack[@]}" m.iso -o once.elf > /dev/null
expect 'two more copies take no room' 0 '' cmp <(stat -c %s copies.elf) <(stat -c %s once.elf)
expect 'an application and its image' 0 'images +prog prog-2$' "${pack[@]}" prog prog.elf -o twice.elf
expect 'are the same bytes' 0 'archives +1 different' "${inspect[@]}" twice.elf

# A description, and what becomes of it.
cat > two.conf <<'END'
# two images
mem = 100M
[web]
image = m.iso
memory = 3M
guaranteed = 1M
cpus = 1,3
claim = yes
slice = 2ms
restart = on-failure
restarts = 4
sees = all
loads = yes
arg = one  "two"
env = A=B
[db]
image = prog
start = no
[last]
image = m.elf
input = yes
END
expect 'a description' 0 'images +web db last$' "${pack[@]}" two.conf
expect 'it names the image' 0 '^name=two$' "$exo_image" settings two.iso
expect 'RAM of the machine' 0 '^mem=104857600$' "$exo_image" settings two.iso
expect 'CPUs of the machine' 0 '^cpus=4$' "$exo_image" settings two.iso
for line in '^image 1: web$' 'memory +3 MiB, 1 MiB of it guaranteed' 'CPUs +1,3 for it alone, slices of 2000 us' \
	'restart +on-failure, at most 4 times' 'sees +the whole machine; may have images loaded' '^    arg=one  "two"$' \
	'^    env=A=B$' '^    restart  never; it does not start by itself$' 'itself alone; gets the console'; do
	expect "inspect: $line" 0 "$line" "${inspect[@]}" two.iso
done
expect 'inspect --json is all of it' 0 '"cpus": \[1, 3\], "claim": true, "slice": 2000000, "restart": "on-failure", "restarts": 4, "sees": "all", "start": true, "input": false, "loads": true, "settings": \["arg=one  \\"two\\"", "env=A=B"\]' \
	"${inspect[@]}" two.iso --json
mkdir far && printf '[x]\nimage = ../m.iso\n[y]\nimage = %s/m.img\n' "$work" > far/far.conf
expect 'files are named as seen from the description' 0 '/far.iso$' "${pack[@]}" far/far.conf
printf '[web]\r\n  image=two words.iso  \r\n\r\n' > crlf.conf && cp m.iso 'two words.iso'
expect 'carriage returns, blanks, no newline at the end' 0 'images +web$' "${pack[@]}" crlf.conf -o crlf.elf

printf '\357\273\277[web]\nimage = m.iso\n' > bom.conf
expect 'a text that some editors make' 0 'images +web$' "${pack[@]}" bom.conf -o bom.elf
printf '[a]\nimage = -m.qcow2\n' > dash.conf && cp m.qcow2 ./-m.qcow2
expect 'a file whose name begins with a dash' 0 'images +a$' "${pack[@]}" dash.conf -o dash.elf

# Packs are taken apart: their images come along with what they have.
expect 'packs of packs' 0 'images +prog web db last web-2 db-2 last-2$' bash -c '
	sed "/claim/d" two.conf > free.conf && "$exo" pack free.conf -o free.qcow2 > /dev/null &&
		"$exo" pack prog free.qcow2 free.qcow2 -o many.iso'
expect 'what they have stays' 0 '"name": "web-2".* "memory": 3145728, "guaranteed": 1048576.* "cpus": \[1, 3\].* "env=A=B"' \
	"${inspect[@]}" --json many.iso
expect 'only the first gets the input' 0 '^1$' bash -c '"$exo_image" images many.iso | grep -c yes'
expect 'the same archives are there once' 0 'archives +3 different' "${inspect[@]}" many.iso
expect 'a pack alone is the same again' 0 '' bash -c '"$exo" pack free.qcow2 -o again.elf > /dev/null &&
	"$exo" pack free.conf -o free.elf > /dev/null && diff <("$exo_image" images free.elf) <("$exo_image" images again.elf)'
expect 'its symbols come along' 0 '' cmp many.iso.dbg/db-2 prog
printf '[a]\nimage = m.iso\n[b]\nimage = free.qcow2\n' > nested.conf
expect 'a section is one image' 1 'nested.conf:4: free.qcow2 holds 3 images \(web ...\), a section is one' "${pack[@]}" nested.conf
expect 'two packs that claim the same CPU' 1 'web-2: CPU 1 is claimed by web' "${pack[@]}" two.iso two.iso -o claims.iso

# As many as can be, and one more.
for i in $(seq 64); do printf '[n%d]\nimage = prog\nmemory = 2M\n' "$i"; done > 64.conf
expect '64 images' 0 'images +n1 n2 .* n64$' "${pack[@]}" 64.conf
expect 'in less than 256 MiB' 0 '^mem=(1[0-9]{8}|2[0-5][0-9]{7})$' "$exo_image" settings 64.iso
expect 'one archive' 0 'archives +1 different' "${inspect[@]}" 64.iso
printf '[more]\nimage = prog\n' >> 64.conf
expect '65 images' 1 '64.conf:193: more than 64 images' "${pack[@]}" 64.conf
expect '65 files' 1 'more than 64 images' "${pack[@]}" $(yes m.iso | head -n 65) -o 65.iso

# One input, the same bytes.
mkdir one other && cp two.conf m.iso m.elf prog one && sleep 1 && cp two.conf m.iso m.elf prog other && touch other/*
for place in one other; do
	(cd $place && "${pack[@]}" two.conf -o x.iso && "${pack[@]}" two.conf -o x.qcow2 && "${pack[@]}" two.conf -o x.elf) > /dev/null
done
for format in iso qcow2 elf; do expect "reproducible .$format" 0 '' cmp one/x.$format other/x.$format; done
expect 'reproducible symbols' 0 '' diff -r one/x.iso.dbg other/x.iso.dbg

# The symbols of one program take the place of the folder of several, and the other way round.
"$exo" --no-prove ./prog -o x.elf > /dev/null && "${pack[@]}" m.iso prog -o x.elf > /dev/null
expect 'a folder of symbols' 0 '^m prog $' bash -c 'ls x.elf.dbg | tr "\n" " "'
"$exo" --no-prove ./prog -o x.elf > /dev/null
expect 'a file of symbols in its place' 0 '' cmp x.elf.dbg prog

# Called wrongly.
expect 'help' 0 '^usage: exo-build.sh pack FILE' "${pack[@]}" --help
expect 'nothing to pack' 2 'nothing to pack' "${pack[@]}" -o x.iso
expect 'no output' 2 '-o must say' "${pack[@]}" m.iso m.elf
expect 'unknown option' 2 'unknown option --libos' "${pack[@]}" m.iso --libos posix -o x.iso
expect 'option without its value' 2 '--mem needs a value' "${pack[@]}" m.iso --mem
expect 'wrong suffix' 2 'suffix must be' "${pack[@]}" m.iso -o x.exe
expect 'a source' 2 'posix.c: build an image of it first' "${pack[@]}" "$programs/posix.c" -o x.iso
expect 'two descriptions' 2 'nothing can be added' "${pack[@]}" two.conf m.iso -o x.iso
expect '--mem with a description' 2 'says that itself' "${pack[@]}" two.conf --mem 1G -o x.iso
expect 'bad --mem' 2 '--mem lots: no size' "${pack[@]}" m.iso --mem lots -o x.iso
expect 'bad --cpus' 2 '--cpus 0: no number of CPUs' "${pack[@]}" m.iso --cpus 0 -o x.iso
expect 'the output is an input' 2 'm.iso would be written over' "${pack[@]}" m.iso prog -o ./m.iso
expect '--mem and --cpus' 0 '^mem=134217728$' bash -c '"$exo" pack m.iso prog --mem 128M --cpus 3 -o x.elf > /dev/null &&
	"$exo_image" settings x.elf'
expect 'arguments for nobody in particular' 2 'for which of the images' "$exo" run copies.elf -- argument

# Files that cannot be packed.
expect 'no such file' 1 'no such file: nothing.iso' "${pack[@]}" m.iso nothing.iso -o x.iso
expect 'a directory' 1 'not a regular file' "${pack[@]}" far -o x.iso
expect 'a text' 1 'two.txt: not an image' bash -c 'cp two.conf two.txt && "$exo" pack two.txt -o x.iso'
expect 'a program for Linux' 1 'another system' "${pack[@]}" /bin/ls -o x.iso
expect 'the kernel alone' 1 'without an image' "${pack[@]}" "$top/build/out/kernel/exokernel.elf" -o x.iso
at=$(LC_ALL=C grep -abo EXOXARCH m.iso | head -n 1 | cut -d : -f 1)
cp m.iso old.iso && printf '\143' | dd of=old.iso bs=1 seek=$((at + 8)) conv=notrunc status=none
expect 'an image of another ABI version' 1 "old.iso: made for version 99 of the exokernel's ABI" "${pack[@]}" m.iso old.iso -o x.iso
abi=$(readelf -SW prog | awk '{ for (i = 1; i < NF; i++) if ($i == ".exo.abi") print $(i + 3) }')
cp prog older && printf '\143' | dd of=older bs=1 seek=$((0x$abi)) conv=notrunc status=none
expect 'an application of another ABI version' 1 'older: built for version 99' "${pack[@]}" older -o x.iso
cp m.iso bad.iso && printf '\377' | dd of=bad.iso bs=1 seek=$((at + 8292)) conv=notrunc status=none
expect 'a damaged image' 1 'bad.iso: .*contents damaged' "${pack[@]}" m.iso bad.iso -o x.iso
head -c 70000 m.iso > cut.iso
expect 'a truncated image' 1 'cut.iso: .*truncated' "${pack[@]}" cut.iso -o x.iso
head -c $(($(stat -c %s m.qcow2) - 70000)) m.qcow2 > cut.qcow2
expect 'a truncated .qcow2' 1 'cut.qcow2: a damaged or truncated' "${pack[@]}" cut.qcow2 -o x.iso
inner=$(LC_ALL=C grep -abo EXOXARCH copies.elf | sed -n 2p | cut -d : -f 1)
cp copies.elf bad.elf && printf '\377' | dd of=bad.elf bs=1 seek=$((inner + 8292)) conv=notrunc status=none
expect 'a damaged image inside' 1 'bad.elf: .*contents damaged' "${inspect[@]}" bad.elf

# Mistakes in a description, with their line; tests/unit/test_description.c has all of them.
mistake() {	# NAME PATTERN TEXT
	printf "$3" > wrong.conf
	expect "description: $1" 1 "^exo-image: $2" "${pack[@]}" wrong.conf -o x.iso
}
mistake 'unknown key' 'wrong.conf:3: no such key: memery; there are image' '[a]\nimage = m.iso\nmemery = 1M\n'
mistake 'bad size' 'wrong.conf:3: memory = lots: no size' '[a]\nimage = m.iso\nmemory = lots\n'
mistake 'a long value' 'wrong.conf:3: memory = x{80}\.\.\.: no size' "[a]\nimage = m.iso\nmemory = $(printf 'x%.0s' {1..500})\n"
mistake 'a comment behind a value' 'wrong.conf:3: memory = 4M # all: no size.*a comment has a line of its own' '[a]\nimage = m.iso\nmemory = 4M # all\n'
mistake 'not an image' 'wrong.conf:2: two.txt: not an image: a text' '[a]\nimage = two.txt\n'
mistake 'a program for Linux' 'wrong.conf:3: /bin/ls: .*another system' '\n[a]\nimage = /bin/ls\n'
mistake 'missing file' 'wrong.conf:3: cannot read nothing.iso: No such file' '\n[a]\nimage = nothing.iso\n'
mistake 'a folder' 'wrong.conf:2: far is not a file' '[a]\nimage = far\n'
mistake 'a name twice' 'wrong.conf:3: the name "a" is taken, in line 1' '[a]\nimage = m.iso\n[a]\nimage = m.iso\n'
mistake 'CPU list' 'wrong.conf:3: cpus = 0-x: no list' '[a]\nimage = m.iso\ncpus = 0-x\n'
mistake 'no such CPU' 'wrong.conf:4: a: there is no CPU 2: the machine has 2' 'cpus = 2\n[a]\nimage = m.iso\ncpus = 2\n'
mistake 'input twice' 'wrong.conf:6: b: input = yes, but a has it \(line 3\)' \
	'[a]\nimage = m.iso\ninput = yes\n[b]\nimage = m.iso\ninput = yes\n'
mistake 'claims' 'wrong.conf:7: b: CPU 1 is claimed by a' \
	'[a]\nimage = m.iso\nclaim = yes\ncpus = 1\n[b]\nimage = m.iso\ncpus = 0-1\n'
mistake 'too little memory' 'wrong.conf:3: a: memory = 100K is too little, it needs [0-9]+K' '[a]\nimage = m.iso\nmemory = 100K\n'
mistake 'more than the machine has' 'wrong.conf:2: mem = 64M is too little: the images have 80M together' \
	'# one\nmem = 64M\n[a]\nimage = m.iso\nmemory=40M\n[b]\nimage = m.iso\nmemory=40M\n'
mistake 'nothing described' 'wrong.conf: it describes no image' '# later\n'
mistake 'not a text' 'wrong.conf: not a text file' '[a]\0\n'

# Nothing is left behind.
expect 'failures leave nothing behind' 1 '' bash -c 'ls -A . tmp | grep -E "^\.exo-build|^x\.iso$|^wrong.iso$|^tmp\."'
exit $((bad > 0))
