# language.sh - the shell's language by itself: no other program is started.
# SPDX-License-Identifier: BSD-2-Clause

say() { printf '%s|' "$@"; printf '\n'; }
say "$#" "a  b" c\ d 'e'"f"

# Parameters.
x=abcabc y= unset_one=
unset unset_one
say "${x#a*b}" "${x##a*b}" "${x%b*}" "${x%%b*}" "${#x}" "${y:-empty}" "${y-set}" "${unset_one-none}" "${x:+more}"
say "${unset_one:=given}" "$unset_one" "${x:2:3}" "${x/bc/X}" "${x//bc/X}" "${x:-${y:-z}}"
(: "${nothing:?is not set}") 2>&1; say "status $?"
set -- one 'two words' three
say "$@"; say "$*"; say $*
IFS=,; say "$*"; unset IFS
shift; say "$1" $#
set -- $(echo a b c); say "$3"

# Numbers.
i=5
say $((i * 2 + 1)) $((i++)) $i $((i > 5 && i < 7)) $((1 << 40)) $((0x1f)) $((-7 / 2)) $((-7 % 3)) $((i ? 10 : 20)) $((2#101))
say $((9223372036854775807 + 1)) $((i = 3, i)) $((!i)) $((~i))
let 'i = i * 4'; say $i

# Choices and loops.
for word in apple Banana c3 ''; do
	case $word in
	a* | A*) say a ;;
	[[:upper:]]*) say upper ;;
	?[0-9]) say digit ;;
	*) say other ;;
	esac
done
n=0
while :; do
	n=$((n + 1))
	[ $n -eq 3 ] && continue
	[ $n -gt 5 ] && break
	echo "loop $n"
done
until [ $n -le 0 ]; do n=$((n - 2)); done; say $n
for a in 1 2; do for b in 1 2 3; do [ $b = 2 ] && continue 2; say $a$b; done; done
if false; then echo no; elif true; then echo elif; else echo no; fi

# Functions.
outer() {
	local x=inside
	inner "$@"
	return $(($# + 1))
}
inner() { say "$x" "$1"; x=changed; }
outer first second; say "status $?" "$x"
factorial() { [ "$1" -le 1 ] && echo 1 || echo $(($1 * $(factorial $(($1 - 1))))); }
factorial 10
say "$(x=sub; echo $x)" "$x"
{ x=group; }; say "$x"
(x=subshell; exit 4); say "$?" "$x"
unset -f inner; inner 2>&1; say "status $?"

# Words and quoting.
say ~root "~" $'tab\there' "\$x \`\\" "a
b"
say {a,b} *.nosuch scripts/l*.sh
eval 'y="evaluated $x"'; say "$y"
set -f; say *; set +f
alias greet='echo hello'
greet you
unalias greet
say "$(printf '%05d %x %5.2f %-4s| %c %b' 42 255 3.14159 ab xyz 'a\tb')"
echo -e 'one\ttwo\nthree' ; echo -n no newline; echo

# Input.
while IFS=: read -r name number rest; do say "$name" "$number" "$rest"; done <<X
first:1:a:b
second:2
  third : 3
X
read -r line <<'X'
  $not expanded \n
X
say "$line"
printf 'no newline at the end' | { read -r line; say "$?" "$line"; }
read -n 3 line <<X
abcdef
X
say "$line"
cat() { while read -r line; do echo "cat: $line"; done; }
cat <<X
$(echo from a command)
$x ${#x}
X
unset -f cat

# Options, traps, errors.
args() {
	local o OPTIND=1
	while getopts ab:c o "$@"; do say "$o" "$OPTARG"; done
	shift $((OPTIND - 1)); say "$@"
}
args -a -b value -c rest; args -bx -- -a; args -z 2>&1
(trap 'echo leaving $?' EXIT; exit 5); say $?
trap 'echo caught' USR1; kill -USR1 $$; trap - USR1
trap 'echo one' INT TERM; trap; trap - INT TERM
(set -e; false; echo not here); say $?
(set -e; if false; then :; fi; false || echo went on; true)
(set -u; echo "$never_set") 2>&1; say $?
(set -x; x=1; : $x) 2>&1
[ -d scripts ] && [ -f scripts/language.sh ] && [ ! -e nosuch ] && [ abc \< abd ] && say tests
[[ abc == a* && 5 -gt 3 ]] && say double
test 1 -eq one 2>&1; say $?
nosuch_command 2>&1; say $?
./scripts 2>&1; say $?
command -v say; command -v cd; command -V if
type say | head -n 1 2> /dev/null
. scripts/lib/sourced.inc arg; say "$from_file"
readonly fixed=1; (fixed=2) 2>&1; say $?
(return 3); say $?
say "$(umask)"; umask 077; say "$(umask)"; umask 022
wait; say $?
say "${LINENO:+has lines}" "$0"
exec 3>&1 4>/dev/null; echo three >&3; echo four >&4; exec 3>&- 4>&-; (echo closed >&3) 2>&1
true && ! false && exit 42
