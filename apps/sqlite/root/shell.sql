-- shell.sql - the shell's own commands: output forms, import and export, parameters.
.bail off
create table t(n int, name text, x real);
insert into t values(1, 'one, "first"', 1.5), (2, null, -2e10), (3, 'three' || char(10) || 'lines', 0);
.headers on
.mode csv
select * from t;
.mode column
select * from t;
.mode box
select * from t;
.mode table
select * from t;
.mode markdown
select * from t;
.mode line
select * from t;
.mode insert copy
select * from t;
.mode json
select * from t;
.mode quote
select * from t;
.mode html
select * from t;
.mode tabs
select * from t;
.mode tcl
select * from t;
.mode ascii
select n from t;
.mode list
.separator ' | '
.nullvalue NULL
select * from t;
.width 5 -8
.mode column
select n, name from t;
.mode csv
.once tmp/out.csv
select n, x from t;
.import --csv tmp/out.csv imported
.mode list
select * from imported;
.import --csv --skip 1 tmp/out.csv imported
select count(*) from imported;
.tables
.indexes
.schema t
.parameter init
.parameter set :limit 2
select name from t where n <= :limit;
.parameter list
.print a line of text
.echo on
select 1;
.echo off
.changes on
update t set x = 1;
.changes off
.eqp on
select * from t where n = 1;
.eqp off
.explain off
explain select 1;
.nosuch
.mode nosuch
.read nosuch.sql
.open nosuch/dir.db
.open tmp/second.db
create table second(a);
.tables
.save tmp/third.db
.open tmp/third.db
.tables
.sha3sum
.limit length
.dbinfo
.lint fkey-indexes
select writefile('tmp/w.bin', x'000102'), length(readfile('tmp/w.bin'));
select name, mode & 511, data is null from fsdir('tmp/w.bin');
select regexp('^a.c$', 'abc'), 'xyz' regexp 'y+', length(sha3('x'));
select decimal_add('0.1', '0.2'), base64(x'00');
.exit 3
