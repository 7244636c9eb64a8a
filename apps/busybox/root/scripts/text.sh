# text.sh - programs that take text apart.
# SPDX-License-Identifier: BSD-2-Clause
cat > tmp/people <<'X'
name,age,city
Anna,34,Oslo
Bert,27,Bonn
Carl,61,Oslo
Dora,27,Rome
X
sort -t , -k 2,2n -k 1,1r tmp/people; sort -u -t , -k 3 tmp/people | wc -l
awk -F , 'NR > 1 { sum[$3] += $2; n[$3]++ } END { for (c in sum) printf "%s %.2f\n", c, sum[c] / n[c] }' tmp/people | sort
awk 'BEGIN { x["a"] = 1; print length(x), substr("hello", 2, 3), index("abc", "c"), toupper("q"), sprintf("%5.1f|%-5d|%x", 2.25, 7, 255)
	print match("foobar", /o+/), RSTART, RLENGTH; n = split("a:b:c", parts, ":"); print n, parts[3]
	s = "aaa"; print gsub(/a/, "b", s), s; print 2 ^ 10, 7 % 3, int(-3.7), 1e6, 0.1 + 0.2, exp(1), sqrt(2), atan2(0, -1)
	while (i < 3) { if (i++ == 1) continue; printf "%d ", i }; print ""; print -3 "" 4; print length(), 1 == 1.0, "a" < "b"
	"echo from a command" | getline line; print line; print "to a command" | "cat"; close("cat"); print substr("x", 0), ENVIRON["TZ"] }'
awk '/Bert/,/Dora/ { print NR ": " $0 } function twice(x) { return x * 2 } END { print twice(NR); exit 3 }' tmp/people; echo $?
awk 'BEGIN { RS = ""; FS = "\n" } { print NR, $1, NF }' <<'X'
a
b

c
X
sed -n '/Bert/,$p; 1!G; h' tmp/people; sed -e 's/\([^,]*\),\([0-9]*\)/\2 \1/g' -e '1d' tmp/people
sed '1{h;d}; $G; y/abc/xyz/; /Dora/s/.*/[&]/' tmp/people; sed = tmp/people | sed 'N; s/\n/ /' ; sed -E 's/(a|e)+/<\1>/2g' tmp/people
sed ':again; s/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/; t again' <<X
1234567890
X
sed -i.old 's/Oslo/Bergen/' tmp/people; grep -c Bergen tmp/people; grep -c Oslo tmp/people.old
grep -n 'a' tmp/people; grep -iv ANNA tmp/people; grep -o '[0-9]*' tmp/people; grep -E '^(B|C).*(7|1),' tmp/people; grep -F '.' tmp/people; echo $?
grep -r Bergen tmp | sort; grep -q Rome tmp/people && echo quiet; grep -w -A 1 27 tmp/people; grep -x 'nothing' tmp/nosuch 2>&1; echo $?
grep -e '\(o\)\1' -e '[[:digit:]]\{3,\}' <<X
moon
12 123
X
cut -d , -f 1,3 tmp/people; cut -c 2-4 tmp/people; tr -d aeiou < tmp/people; tr -s 'a-z' '[A-Z*]' < tmp/people; echo hello | tr 'a-y' 'b-z'
paste -d : tmp/people tmp/people.old | head -n 2; paste -s -d + tmp/people; comm -3 tmp/people tmp/people.old
nl tmp/people; rev tmp/people; fold -w 5 tmp/people | head -n 4; expand -t 4 <<X
a	b	c
X
printf 'a\na\nb\nc\nc\n' | uniq -c; printf 'a\na\nb\n' | uniq -d; printf 'x y\nz y\n' | uniq -f 1
od -c tmp/people | head -n 2; hexdump -C tmp/people | head -n 2; xxd tmp/people | tail -n 1; od -An -tx2 -j 2 -N 6 tmp/people
base64 tmp/people; base64 tmp/people | base64 -d | cmp - tmp/people && echo same; uuencode -m name < tmp/people | uudecode -o - | md5sum
expr 3 + 4 \* 2; expr length hello; expr hello : 'h\(.*\)o'; expr 5 \> 10; echo $?; expr 1 / 0 2>&1; factor 5040 97 1000000007
echo '2^100; scale=20; 4*a(1); define f(n) { if (n < 2) return 1; return n * f(n-1) }; f(30)' | bc -l; echo '5 3 * p 2 20 ^ p [hi]p' | dc
seq 5 -2 -3 | tr '\n' ' '; seq -w 8 11; seq 0.5 0.25 1.25; printf '%s %d\n' a 1 b 2; cal 2 2000; strings -n 4 bin/../etc/passwd | head -n 1
printf '%b' 'H\nLine 2\nw tmp/ed.out\nq\n' > /dev/null; ed tmp/people <<X
1,3p
2s/34/35/
w
q
X
sort -n <<X | tr '\n' ' '
10
9
-1
1e1
X
sort -k 2 -t ' ' -s <<X
b 2
a 1
c 1
X
wc tmp/people; wc -lwc < tmp/people; echo 'a b c' | wc -w; tac tmp/people | head -n 1; shuf -n 0 tmp/people 2>/dev/null
getopt -o ab: --long long,value: -- -a -b x --long --value=y rest; printenv TZ; yes a | head -n 2; echo test | tee -a tmp/people | cat; tail -n 1 tmp/people
date -u -d '2024-02-29 12:00:00' '+%A %d %B %Y %U %W %y %I %p %e'; TZ=EST5EDT date -d @1700000000; xargs -n 2 echo <<X
one "two three" four\ five
six
X
find scripts | xargs -I @ echo '<@>' | sort | head -n 2; echo a b c | xargs -n 1 -t 2>&1; false | xargs sh -c 'exit 255' ; echo $?
