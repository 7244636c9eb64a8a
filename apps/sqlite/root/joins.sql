-- joins.sql - joins of every kind, grouping, subqueries, indexes and what they are used for.
create table author(id integer primary key, name text not null unique, born int);
create table book(id integer primary key, title text, year int, price real,
	author int references author(id) on delete cascade);
create table loan(book int references book, reader text, since text default '2020-01-01');
insert into author values(1,'Austen',1775),(2,'Borges',1899),(3,'Calvino',1923),(4,'Nobody',null);
insert into book(title, year, price, author) values
	('Emma',1815,9.5,1),('Persuasion',1817,7.25,1),('Ficciones',1944,12,2),
	('Invisible Cities',1972,11.99,3),('Anonymous',1200,null,null),('Cosmicomics',1965,8.0,3);
insert into loan(book, reader) values(1,'Ada'),(3,'Ada'),(3,'Bob'),(6,'Cyd');
.headers on
select name, title from author join book on author.id = author order by title;
select name, count(title) n, round(avg(price),3) mean, total(price) from author
	left join book on author.id = book.author group by name having n >= 0 order by n desc, name;
select name, title from author full outer join book on author.id = author order by 1, 2;
select a.title, b.title from book a cross join book b where a.year < b.year and a.author = b.author;
select title from book natural join (select 1944 as year);
select title, (select group_concat(reader, '+') from loan where book = book.id) readers from book
	where exists (select 1 from loan where loan.book = book.id) order by title;
select title from book where author in (select id from author where born > 1800)
	intersect select title from book where price < 12 order by 1;
select year / 100 as century, count(*), min(title), max(price) from book group by 1 order by 1;
select distinct author is null, typeof(price) from book order by 1, 2;
create index book_year on book(year desc, title);
create index cheap on book(price) where price < 10;
create index upper_title on book(upper(title));
explain query plan select title from book where year > 1900 order by year desc;
explain query plan select title from book where price < 10 and price > 5;
explain query plan select id from book where upper(title) = 'EMMA';
select upper(title) from book where upper(title) = 'EMMA';
analyze;
select tbl, idx, stat from sqlite_stat1 order by 1, 2;
pragma foreign_keys = on;
delete from author where name = 'Borges';
select count(*) from book;
insert into book(title, author) values('Ghost', 77);
pragma foreign_key_check;
select title, price from book order by price desc nulls last, title collate nocase limit 3 offset 1;
update book set price = price * 2 from author where author.id = book.author and born < 1800
	returning title, price;
insert into author values(1,'Jane Austen',1775) on conflict(id) do update set name = excluded.name;
insert or ignore into author values(3,'Again',0);
select * from author order by id;
