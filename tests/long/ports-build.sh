#!/bin/bash
# ports-build.sh - GNU make and TCC build and run programs, here and on Linux; TCC's own tests.
# SPDX-License-Identifier: BSD-2-Clause
#
# What TCC compiles runs in memory (-run), so the image allows pages that are writable and
# executable.  On Linux TCC takes Linux's headers.
. "$(dirname "$0")/../ports/lib.bash"
ports busybox gnumake tcc || exit 1
made=$top/build/out/apps

cp -r "$made/tcc/root/." "$root"
strip -o "$root/bin/make" "$made/gnumake/make" && strip -o "$root/bin/tcc" "$made/tcc/tcc" || exit 1
printf '#!/bin/sh\n[ "$1" = -ar ] && exec "%s" "$@"\nexec "%s" -B"%s" "$@"\n' "$made/tcc/tcc-host" "$made/tcc/tcc-host" \
	"$work/root/usr/lib/tcc" > "$work/tcc-host"
chmod +x "$work/tcc-host"
on_linux+=("$made/gnumake/make-host=make" "$work/tcc-host=tcc")

cat > "$root/project.sh" <<'SCRIPT'
cd project
make -f runtime.mk libtcc1.o alloca86_64.o va_list.o
make -f runtime.mk
tcc -w -run hello.c one two; echo "status $?"
make -j3 2>&1 | sort
echo 'again:'; make
touch lib/sum3.c; make -n; make -j2 > /dev/null; make fails; echo "status $?"
make nosuch; echo "status $?"; make -q; echo "status $?"; make -p -n nosuch 2>/dev/null | grep -c '^lib/sum'
printf 'int main(void)\n{\n\treturn undefined_name;\n}\n' > wrong.c; tcc -w -c wrong.c; echo "status $?"
printf 'extern int nowhere(void); int main(void) { return nowhere(); }\n' > wrong.c; tcc -w -run wrong.c; echo "status $?"
echo 'int main(int n, char **a) { puts(a[1]); return n; }' | tcc -w -run - text; echo "status $?"
tcc -w -E -P -DX=3 - <<X
X * X
X
make clean; ls
SCRIPT
# Each of TCC's tests says what it prints; some want arguments, some are for other systems.
cat > "$root/tests.sh" <<'SCRIPT'
cd project && make -s -f runtime.mk && cd ../tests || exit 1
for test in [0-9]*.c; do
	name=${test%.c} arguments= flags=
	case $name in
	34_* | 73_* | 98_* | 99_* | 60_* | 96_* | 104* | 112* | 113* | 114* | 115* | 116* | 117* | 118*) continue ;;
	31_*) arguments='arg1 arg2 arg3 arg4' ;;
	46_*) arguments='[^* ]*[:a:d: ]+\:\*-/: $ 46_grep.c' ;;
	76_*) flags=-fdollars-in-identifiers ;;
	esac
	echo "== $name"
	timeout 20 tcc -w $flags -run $test $arguments 2>&1 | tee ../tmp/printed
	sed "s/^.*$name/$name/" ../tmp/printed | cmp -s - $name.expect && echo 'as expected'
done
SCRIPT
image build --allow-wx || exit 1
same 'make and tcc build a project' -- ash project.sh
same 'make and tcc build a project, 2 CPUs' --cpus 2 -- ash project.sh
same "tcc's own tests" -- ash tests.sh
printed=$(grep -c '^as expected' "$work/got") all=$(grep -c '^== ' "$work/got")
[ "$printed" -ge 60 ] && ok "tcc's own tests print what they shall" || not_ok "tcc's own tests print what they shall" "$printed of $all"
exit $((bad > 0))
