# files.sh - programs that make, change and look at files.
# SPDX-License-Identifier: BSD-2-Clause
cd tmp
mkdir -p a/b/c; echo one > a/1; echo two > a/b/2; chmod 640 a/1; chmod -R go-w a
ln a/1 a/hard; ln -s b/2 a/soft; ln -s nowhere a/dangling
cp -r a copy; cp -a a same; mv copy/b copy/moved; rm -r copy/moved/c; rmdir copy/nosuch 2>&1
find . | sort
find a -type l | sort; find a -links +1 -type f | sort; find a -name '*' -size -2 -type f | sort
stat -c '%n %s %a %F %h' a/1 a/soft a/b 2>&1 | grep -v directory
stat -c '%A %U' a/1 | cut -c 1-10
readlink a/soft; readlink -f a/soft | sed 's/.*tmp/tmp/'; realpath a/b/../1 | sed 's/.*tmp/tmp/'
touch -d '2001-02-03 04:05:06' a/1; ls -l a/1 | awk '{ print $1, $2, $5, $6, $7, $8, $9 }'
date -r a/1 '+%Y-%m-%d %H:%M:%S %a %b %j %s'; date -u -d @86400 +%c
touch -r a/1 newer; [ a/b/2 -nt newer ] && echo newer
test -L a/dangling && test ! -e a/dangling && echo dangling
cat a/dangling 2>&1; ls nosuch 2>&1; rm nosuch 2>&1; mkdir a 2>&1; cp nosuch x 2>&1; mv a a/b 2>&1
ls -1aF a; ls -R a; ls -i a/1 a/hard | awk '{ print $1 }' | uniq | wc -l
chmod u+s,o=rwx a/1; ls -l a/1 | cut -c 1-10; chmod 1777 a/b; ls -ld a/b | cut -c 1-10
echo three >> a/1; cmp a/1 same/1; diff -u a/1 same/1 | grep '^[-+ ][^-+]'
diff -r a same | sed 's/^\(diff\) .*/\1/'
cat > text <<'X'
alpha
beta
gamma
delta
X
sed 's/beta/BETA/; /gamma/d; $a epsilon' text > changed
diff -u text changed > patch.diff; sed 1,2d patch.diff
cp text work; patch work < patch.diff; cmp work changed && echo patched
patch -R work < patch.diff; cmp work text && echo reversed
split -l 2 text part; ls part*; cat part* | cmp - text && echo joined
dd if=text of=dd.out bs=4 skip=1 count=3 2> /dev/null; cat dd.out; echo
dd if=/dev/zero of=sparse bs=1 count=1 seek=100000 2> /dev/null; wc -c < sparse; truncate -s 10 sparse; wc -c < sparse
install -m 755 text installed; ls -l installed | cut -c 1-10
f=$(mktemp ./XXXXXX) && [ -f "$f" ] && echo made; rm "$f"
md5sum text changed > sums; sha256sum text; md5sum -c sums; echo x >> changed; md5sum -c sums 2>&1
cksum text; sum text
head -c 5 text; tail -c 6 text; tail -n +3 text; head -n -3 text
tee copy1 copy2 < text > /dev/null; cmp copy1 copy2 && echo teed
touch 'a name with blanks' "it's"; find . -maxdepth 1 -name '* *' -print0 | xargs -0 ls
find . -name 'part*' -exec rm {} \; ; ls part* 2>&1
find . -type d -empty | sort; find . -name '*.diff' -delete; find a -perm -1000 -type d
find . -newer newer -name 'text'; find . \( -name 1 -o -name 2 \) ! -path '*same*' | sort
fallocate -l 5000 big; du -a -k big | cut -f 2
cd a && pwd | sed 's/.*tmp/tmp/'; cd -P b && cd .. && cd - > /dev/null; echo "${PWD##*/}"
cd ../../.. ; rm -rf tmp/a; ls tmp/a 2>&1; ls -d tmp
echo $(ls scripts | wc -l); basename /usr/lib/x.so .so; dirname /usr/lib/x.so
flock tmp/lock echo locked; which sh nosuch | sed 's/.*bin/bin/'; id -u > /dev/null && echo id; uname > /dev/null
[ -c /dev/null ] && [ -p tmp/a ] || echo 'no pipe'
