# jobs.sh - background jobs, wait, signals between processes.
# SPDX-License-Identifier: BSD-2-Clause

# Each says its name when its turn comes: the order is not left to chance.
(exit 3) & first=$!
(exit 4) & second=$!
wait $second; echo "second: $?"
wait $first; echo "first: $?"
wait $first; echo "again: $?"
wait; echo "all: $?"
wait 99999; echo "nobody: $?"

for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$i; echo $i > tmp/job$i) & done
wait
cat tmp/job? | tr '\n' ' '; echo

# Killed ones say by what.
sleep 100 & kill $!; wait $! 2> /dev/null; echo "TERM: $?"
sleep 100 & kill -9 $!; wait $! 2> /dev/null; echo "KILL: $?"
sleep 100 & kill -s USR1 $!; wait $! 2> /dev/null; echo "USR1: $?"
sh -c 'kill -HUP $$'; echo "HUP: $?"
sh -c 'kill -ALRM $$; echo not here' | cat; echo "in a pipeline: $?"
kill -0 $$ && echo 'alive'
kill 99999 2>/dev/null; echo "none: $?"

# A trap runs when what is in the foreground has ended, and ends a wait: one of those that come until there is one.
trap 'echo "trap: USR1"' USR1
me=$$
(kill -USR1 $me); echo after
trap '[ "$told" ] || echo "trap: USR1"; told=yes' USR1
(until [ -e tmp/over ]; do sleep 0.2; kill -USR1 $me || break; done) & killer=$!
sleep 1000 & long=$!
wait $long; echo "wait interrupted: $(($? > 128))"
echo > tmp/over
while kill -0 $killer 2>/dev/null; do wait $killer; done
kill $long; wait $long 2>/dev/null
wait
trap '' USR1; sh -c 'kill -USR1 $$; echo ignored is inherited'
trap - USR1; sh -c 'kill -USR1 $$; echo not here'; echo "default again: $?"
(trap 'echo "child cleans up"; exit 9' TERM; echo > tmp/ready; while :; do sleep 0.05; done) & child=$!
while [ ! -e tmp/ready ]; do sleep 0.05; done
kill $child; wait $child 2> /dev/null; echo "child: $?"
trap 'echo "leaving with $?"' EXIT

# A writer without readers, and readers without a writer.
(trap '' PIPE; sleep 0.1; echo text; echo "write: $?" >&2) 2>&1 >&- | cat
mkfifo tmp/a tmp/b
cat tmp/a > tmp/b & sed 's/^/got /' tmp/b & { echo one; echo two; } > tmp/a
wait
timeout 0.2 sleep 100; echo "timeout: $?"
timeout 100 sh -c 'exit 6'; echo "in time: $?"
(ulimit -n 20; ulimit -n)
# Many at once, each with a pipeline of its own.
for i in 1 2 3 4 5; do (seq $((i * 1000)) | sort -rn | head -n 1 | sed "s/^/job $i: /" > tmp/n$i) & done
wait
cat tmp/n?
nested() { [ $1 -gt 0 ] && (nested $(($1 - 1)); echo $1) || echo bottom; }
nested 8 | tr '\n' ' '; echo
x=$( (until [ -e tmp/early ]; do sleep 0.05; done; echo late) & echo early; echo > tmp/early; wait); echo $x
nohup sh -c 'echo nohup' 2>/dev/null < /dev/null | cat
time -p true 2>&1 | sed 's/[0-9.]*$//'
sh -c 'exec sh -c "exec echo \$0 \$1" a b'
sh -c 'echo $1' name argument
env -i A=1 B=2 env | sort
exit 21
