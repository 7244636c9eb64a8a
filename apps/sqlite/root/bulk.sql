-- bulk.sql - many rows: insertion, indexes, sorting beyond the cache, deletion, VACUUM, backup, dump.
pragma page_size = 1024;
pragma cache_size = 50;
create table big(id integer primary key, k int, t text, r real);
begin;
insert into big select value, (value * 7919) % 10007, printf('%08x-%s', value * 2654435761 % 4294967296,
	substr('abcdefghijklmnopqrstuvwxyz', value % 20 + 1, value % 7)), value / 7.0
	from generate_series(1, 20000);
commit;
create index big_k on big(k);
create index big_t on big(t, r);
select count(*), sum(k), min(t), max(t), round(sum(r), 4), count(distinct k) from big;
select k, count(*) from big group by k order by 2 desc, 1 limit 5;
select t from big order by t desc limit 3;
select a.id, b.id from big a join big b on b.k = a.k and b.id > a.id order by a.id limit 3;
update big set k = k + 1 where id % 3 = 0;
delete from big where id % 5 = 0;
select count(*), sum(k) from big;
pragma freelist_count;
pragma page_count;
vacuum;
pragma freelist_count;
pragma page_count;
pragma integrity_check;
pragma quick_check;
create temp table sorted as select t, k from big order by t;
select rowid, t, k from temp.sorted where rowid % 4000 = 1;
.backup tmp/backup.db
attach 'tmp/backup.db' as b;
select count(*), sum(k) from b.big;
select count(*) from (select * from main.big except select * from b.big);
detach b;
.output tmp/dump.sql
.dump big
.output
drop table big;
select count(*) from sqlite_master;
.read tmp/dump.sql
select count(*), sum(k), sum(length(t)) from big;
pragma auto_vacuum = incremental;
vacuum;
delete from big where id > 100;
pragma incremental_vacuum;
pragma page_count;
pragma integrity_check;
