# pipes.sh - pipelines of several programs, FIFOs, here-documents as input.
# SPDX-License-Identifier: BSD-2-Clause
echo a | cat
printf '%s\n' pear apple fig apple | sort | uniq -c | sort -rn | sed 's/^ *//'
seq 1000 | awk '{ s += $1 } END { print s, NR }'
find scripts -name '*.sh' | sort | xargs -n 1 basename | tr a-z A-Z
mkdir -p tmp/tree/a/b tmp/tree/c
for i in 1 2 3 4 5; do echo "line $i of some text" > tmp/tree/a/$i.txt; done
cp tmp/tree/a/*.txt tmp/tree/a/b
find tmp/tree -type f -name '[13]*' | xargs cat | sort | awk '{ n[$2]++ } END { for (k in n) print k, n[k] }' | sort
find tmp/tree -type f -print0 | xargs -0 wc -l | tail -n 1
find tmp/tree -type f -exec grep -l 'line 4' {} + | sort
find tmp/tree -type f | xargs -P 3 -n 2 md5sum | sort

# The whole of a pipeline ends when its reader does; the status is the last one's.
yes no | head -n 3
yes | head -c 300000 | wc -c
false | true; echo "last: $?"
true | false; echo "last: $?"
(exit 7) | (cat; exit 9); echo "last: $?"
set -o pipefail
(exit 7) | true; echo "pipefail: $?"
set +o pipefail
! true | false && echo inverted

# Much through many.
seq 20000 | cat | tee tmp/copy | sed -n '$p'
tac tmp/copy | head -n 2
cksum < tmp/copy
od -An -tx1 tmp/copy | head -n 1000 | md5sum
{ echo one; echo two >&2; } 2>&1 | sort
{ echo out; echo err >&2; } 2> tmp/err | sed 's/^/to /'; cat tmp/err
exec 5> tmp/five; echo through five >&5; exec 5>&-; cat tmp/five
while read -r a b; do echo "$b-$a"; done <<X | sort
1 one
2 two
$((1 + 2)) three
X
cat <<-'X' | tr x y
	xx $HOME `not run` \
X
echo "$(echo nested "$(echo deeper | tr d D)" | sed 's/nested/well/')"

mkfifo tmp/fifo
(for i in 1 2 3; do echo "fifo $i"; done > tmp/fifo) &
cat tmp/fifo
wait $!; echo "writer: $?"
