-- triggers.sql - triggers, views, generated columns, constraints and their messages, the schema.
create table item(id integer primary key autoincrement, name text not null collate nocase unique,
	price int check(price between 0 and 1000), twice int generated always as (price * 2) stored,
	label text as (name || '#' || id) virtual);
create table log(what text, old, new);
create trigger item_new after insert on item begin
	insert into log values('new', null, new.name);
end;
create trigger item_price after update of price on item when old.price <> new.price begin
	insert into log values('price', old.price, new.price);
	select case when new.price > 900 then raise(abort, 'too expensive') end;
end;
create trigger item_gone before delete on item begin
	select raise(ignore) where old.name = 'keep';
	insert into log values('gone', old.name, null);
end;
insert into item(name, price) values('pen', 3), ('ink', 10), ('keep', 1);
update item set price = price + 1;
update item set price = 950 where name = 'INK';
delete from item;
select * from item;
select * from log;
insert into item(name, price) values('KEEP', 5);
insert into item(name, price) values(null, 5);
insert into item(name, price) values('dear', 5000);
insert into item(twice) values(1);
insert into item values(1);
select nosuch from item;
select * from nosuch;
selekt 1;
create table item(x);
create view cheap(name, cost) as select name, price from item where price < 100;
create trigger cheap_new instead of insert on cheap begin
	insert into item(name, price) values(new.name, new.cost);
end;
insert into cheap values('via view', 42);
select * from cheap;
create temp table scratch as select * from cheap;
select count(*) from scratch;
alter table item rename column price to cost;
alter table item add column note text default 'none';
alter table log rename to history;
alter table history drop column old;
.schema
drop view cheap;
select name, seq from sqlite_sequence;
select type, name, tbl_name from sqlite_master order by 1, 2;
pragma table_xinfo(item);
pragma index_list(item);
create table s(a int, b text, c any) strict;
insert into s values('12', 3, x'00'), (1.0, 'x', null);
insert into s values('no', 'x', 1);
select a, typeof(a), b, typeof(b), typeof(c) from s;
with big(n) as (values(1) union all select n + 1 from big where n < 3) insert into log2 select n from big;
pragma user_version = 7;
pragma user_version;
pragma encoding;
pragma compile_options;
select sqlite_version(), changes(), total_changes() > 0, last_insert_rowid();
