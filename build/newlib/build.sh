#!/bin/bash
# build.sh - build newlib once for x86_64-exo-elf with the host's gcc, into build/out/newlib.
# SPDX-License-Identifier: BSD-2-Clause
#
# What is built lies in build/out/newlib-KEY, KEY being a hash over the source, this directory and
# the compiler; build/out/newlib is a link to it.  So going back to an older recipe costs nothing.
#
# The headers come from three places, the first that has one wins:
#     build/newlib/include       ours: sizes and numbers that programs are compiled with
#     newlib's own RTEMS folder  sockets, termios, mman and so on, as in FreeBSD
#     newlib
# Programs see the same order: the last two are merged into build/out/newlib/include.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/build/newlib
out=${EXO_OUT:-$top/build/out}
target=x86_64-exo-elf
jobs=${JOBS:-$(nproc)}

say() { echo "newlib: $*" >&2; }
die() { say "$@"; exit 1; }

# -fPIE: programs are static PIEs without text relocations.  Frame pointers: backtraces.  Without
# the last ones gcc makes a call of sincos out of sincos's own calls of sin and cos.  The newer of
# the two sets of exp, log, pow, sinf ... has the same digits as glibc, which has it too.
cflags="-O2 -g0 -fPIE -march=x86-64-v2 -fno-omit-frame-pointer -ffunction-sections -fdata-sections"
cflags="$cflags -D__OBSOLETE_MATH=0 -fno-builtin-sin -fno-builtin-cos -fno-builtin-sinf -fno-builtin-cosf"

key_of() {
	{
		awk '$1 == "newlib" { print $3, $4 }' "$top/build/sources.txt"
		cd "$here" && find . -type f ! -name replace.sh | LC_ALL=C sort | xargs sha256sum
		gcc --version | head -n 1
	} | sha256sum | cut -c 1-16
}

# Everything in the RTEMS folder that is not about RTEMS itself or replaced by ours.
overlay() {
	local from=$1 to=$2
	mkdir -p "$to"
	cp -r "$from/." "$to/"
	(cd "$to" && rm -f sys/lock.h machine/_threads.h machine/_arc4random.h \
		machine/_libatomic.h semaphore.h)
	(cd "$here/include" && find . -type f) | while read -r f; do rm -f "$to/$f"; done
}

# gcc as a cross compiler: none of the host's headers or system macros.
wrapper() {
	cat > "$1" <<-SH
	#!/bin/sh
	# printf and its digits are in every program: small rather than fast, but whole.
	case "\$*" in *vfprintf.c* | *vfwprintf.c* | *dtoa.c* | *mprec.c*) set -- "\$@" -Os -U__OPTIMIZE_SIZE__ ;; esac
	exec gcc -nostdinc -isystem "$here/include" -isystem "$build/overlay" \\
		-isystem "$(gcc -print-file-name=include)" \\
		-U__linux__ -U__linux -Ulinux -U__gnu_linux__ -fno-stack-protector \\
		-fcf-protection=none -fno-asynchronous-unwind-tables \\
		-ffile-prefix-map="$build"=newlib -ffile-prefix-map="$top"=. "\$@"
	SH
	chmod +x "$1"
}

# One line that counts, on a terminal; one in ten seconds otherwise.
progress() {
	local pid=$1 last=$SECONDS
	while kill -0 "$pid" 2>/dev/null; do
		if [ -t 2 ]; then
			printf '\rnewlib: %s, %s of %s files' "$2" "$(made)" $files >&2
		elif [ $((SECONDS - last)) -ge 10 ]; then
			last=$SECONDS
			say "$2, $(made) of $files files"
		fi
		sleep 0.5
	done
	if [ -t 2 ]; then printf '\r%60s\r' '' >&2; fi
}

# Objects made so far; how many there will be is known from experience.
files=1077
made() { find "$build/obj" -name '*.o' 2>/dev/null | wc -l; }

step() {
	local name=$1
	shift
	"$@" > "$build/$name.log" 2>&1 &
	progress $! "$name"
	wait $! && return
	tail -n 20 "$build/$name.log" >&2
	cp "$build/$name.log" "$out/newlib-$name.log"
	die "$name failed: $out/newlib-$name.log"
}

configure() {
	"$build/src/configure" --target=$target --prefix="$build/inst" --disable-multilib \
		--disable-libgloss --enable-newlib-io-long-long --enable-newlib-io-long-double \
		--enable-newlib-io-c99-formats --enable-newlib-io-pos-args --enable-newlib-mb \
		--enable-newlib-iconv \
		--enable-newlib-iconv-encodings=utf_8,utf_16,utf_16le,utf_16be,ucs_4,us_ascii,iso_8859_1,iso_8859_15,cp1252 \
		--enable-newlib-global-stdio-streams --enable-newlib-retargetable-locking \
		--enable-newlib-multithread --disable-newlib-supplied-syscalls \
		--disable-newlib-fno-builtin \
		CC_FOR_TARGET="$build/cc" AR_FOR_TARGET=gcc-ar RANLIB_FOR_TARGET=gcc-ranlib \
		AS_FOR_TARGET=as LD_FOR_TARGET=ld NM_FOR_TARGET=gcc-nm STRIP_FOR_TARGET=strip \
		OBJCOPY_FOR_TARGET=objcopy READELF_FOR_TARGET=readelf \
		CFLAGS_FOR_TARGET="$cflags" MAKEINFO=:
}

install_headers() {
	mkdir -p "$build/done/include" "$build/done/lib"
	cp -r "$build/inst/$target/include/." "$build/done/include/"
	cp -r "$build/overlay/." "$build/done/include/"
	for lib in libc libm; do cp "$build/inst/$target/lib/$lib.a" "$build/done/lib/$lib-full.a"; done
	cp "$build/inst/$target/lib/libc.a" "$build/inst/$target/lib/libm.a" "$build/done/lib/"
}

# newlib's configure refuses a path with spaces: then the work is done where there are none.
workplace() {
	case $dir in
	*[[:space:]]*) mktemp -d /tmp/newlib.XXXXXX ;;
	*) rm -rf "$dir.build" && echo "$dir.build" ;;
	esac
}

key=$(key_of)
dir=$out/newlib-$key
mkdir -p "$out"
exec 8> "$out/.newlib.lock"
flock 8
if [ ! -e "$dir/lib/libc.a" ]; then
	tarball=$("$top/build/source.sh" newlib)
	build=$(workplace)
	trap 'cd /; [ "$build" = "$dir.build" ] || rm -rf "$build"' EXIT
	mkdir -p "$build/src" "$build/obj"
	say "building (about a minute on two CPUs; once)"
	tar -xf "$tarball" -C "$build/src" --strip-components=1 --exclude='*/winsup' --exclude='*/libgloss'
	for p in "$here"/patches/*.patch; do
		patch -s -d "$build/src" -p1 < "$p" || die "$p does not apply"
	done
	overlay "$build/src/newlib/libc/sys/rtems/include" "$build/overlay"
	wrapper "$build/cc"
	unset MAKEFLAGS MAKELEVEL MFLAGS
	export SOURCE_DATE_EPOCH=0
	cd "$build/obj"
	step configure configure
	step make make -j"$jobs" MAKEINFO=: all-target-newlib
	step install make MAKEINFO=: install-target-newlib
	install_headers
	cd "$out"
	rm -rf "$dir.new"
	mv "$build/done" "$dir.new"	# maybe to another file system
	mv "$dir.new" "$dir"
	rm -rf "$build"
	say "done: $(stat -c %s "$dir/lib/libc.a") bytes of libc.a in ${SECONDS} s"
fi
ln -sfn "newlib-$key" "$out/newlib"
