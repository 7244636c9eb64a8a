#!/bin/bash
# setup.sh - build/setup.sh on a machine that lacks things, with an apt-get that only says so.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
cd "$work" || exit 1

# A machine with everything but xorriso and make; root unless `id` says otherwise.
mkdir bin
while read -r _ thing _; do
	case $thing in
	'' | /* | xorriso | make) ;;
	*) [ -z "$(type -P "$thing")" ] || ln -sf "$(type -P "$thing")" bin/ ;;
	esac
done < <(grep -v '^#' "$top/build/packages.txt")
for thing in bash dirname env cat; do ln -sf "$(type -P $thing)" bin/; done
fake() { printf '#!/bin/bash\n%s\n' "$2" > "bin/$1" && chmod +x "bin/$1"; }
fake apt-get 'echo "apt-get $*" >> log'
fake id 'echo 0'
setup() { : > log; env PATH="$PWD/bin" "$top/build/setup.sh" "$@"; }
export -f setup
export top

expect 'everything is there' 0 '' "$top/build/setup.sh" --check
expect 'the check names what is missing' 1 'missing packages: make xorriso$' bash -c 'setup "$@"' - --check
expect 'it says what it does' 0 'running:  ?apt-get install --no-install-recommends make xorriso' bash -c setup
expect 'it installs that and nothing else' 0 '' grep -qx \
	'apt-get -q -y install --no-install-recommends make xorriso' log
fake apt-get 'echo "apt-get $*" >> log; case "$*" in *update*) : > updated ;; *) [ -e updated ] ;; esac'
expect 'old package lists are renewed' 0 'apt-get update' bash -c setup
fake apt-get 'exit 100'
expect 'a failure is one' 100 '' bash -c setup
fake id 'echo 1000'
expect 'neither root nor sudo' 1 'as root' bash -c setup
fake apt-get 'echo "apt-get $*" >> log'
fake sudo 'echo sudo >> log; exec "$@"'
expect 'through sudo' 0 'running: sudo apt-get' bash -c setup
expect 'sudo it was' 0 '^sudo$' cat log
rm bin/apt-get
expect 'not Debian' 1 'no apt-get' bash -c setup
exit $((bad > 0))
