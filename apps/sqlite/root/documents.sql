-- documents.sql - JSON, full text search, R-trees, blobs.
create table doc(id integer primary key, body text check(json_valid(body)));
insert into doc(body) values
	('{"name":"Ada","age":36,"tags":["math","code"],"address":{"city":"London","zip":null}}'),
	('{"name":"Bj\u00f6rn","age":41.5,"tags":[],"address":{"city":"Lund"}}'),
	('{"name":"\u65e5\u672c","age":true,"tags":["x",{"deep":[1,2,[3]]}]}');
insert into doc(body) values('{"broken":');
select body ->> '$.name', body -> '$.tags', body ->> '$.address.city', json_type(body, '$.age'), json_array_length(body, '$.tags') from doc;
select doc.id, t.key, t.value, t.type, t.fullkey from doc, json_each(body, '$.tags') t;
select t.fullkey, t.atom from doc, json_tree(body) t where doc.id = 3 order by t.id;
select json_set(body, '$.age', 37, '$.new', json('[1,2.50,"q\"uote"]')), json_remove(body, '$.tags[0]', '$.address') from doc where id = 1;
select json_patch('{"a":1,"b":{"c":2}}', '{"a":null,"b":{"d":3}}'), json_insert('[1,2]', '$[#]', 3), json_quote('a"b'), json_object('k', 1.5, 'n', null), json_array(1, 'two', null, json('{}'));
select json_group_array(body ->> 'name'), json_group_object(id, body ->> 'age') from doc;
select json_extract('{"a":[10,20,{"b":30}]}', '$.a[2].b', '$.a[#-2]'), json_valid('{a:1}'), json('[ 1 , 2 ]');
select json('{"bad"');
create index doc_name on doc(body ->> '$.name');
explain query plan select id from doc where body ->> '$.name' = 'Ada';
create virtual table note using fts5(title, body, tokenize = 'porter unicode61', prefix = '2 3');
insert into note values('Shopping', 'Buy apples, oranges and running shoes'),
	('Sport', 'She runs every day; the runner ran a marathon of apples'),
	('Caf' || char(233), 'Cr' || char(232) || 'me br' || char(251) || 'l' || char(233) || 'e recipes'),
	('Empty', '');
select title, highlight(note, 1, '[', ']') from note where note match 'run' order by rank;
select title, snippet(note, -1, '<', '>', '...', 4) from note('apple* NOT shop*');
select title from note where note match 'creme AND brulee';
select title from note where note match 'title : (sport OR cafe)' order by rowid;
select title, round(bm25(note, 10.0, 1.0), 6) from note where note match 'apples' order by 2;
select rowid from note where note match '"every day"' or note match 'NEAR(buy oranges, 3)';
insert into note(note) values('integrity-check');
delete from note where title = 'Sport';
update note set body = body || ' marathon' where title = 'Empty';
select title from note where note match 'marathon';
insert into note(note) values('optimize');
create virtual table words using fts5vocab(note, row);
select term, doc, cnt from words order by cnt desc, term limit 8;
select * from note where note match 'AND AND';
create virtual table old using fts4(content);
insert into old values('the quick brown fox'), ('lazy dogs sleep'), ('quick quick');
select docid, offsets(old), snippet(old) from old where old match 'quick -fox';
create virtual table area using rtree(id, x0, x1, y0, y1);
insert into area select value, value % 10, value % 10 + 2, value / 10, value / 10 + 1.5 from generate_series(1, 99);
select id from area where x0 >= 3 and x1 <= 6 and y0 >= 2 and y1 <= 4 order by id;
select rtreecheck('area');
create table blob(b);
insert into blob values(zeroblob(100000)), (x'00010203ff');
select length(b), hex(substr(b, 3, 4)), typeof(b) from blob;
select sum(length(b)), count(*) from (select randomblob(1000) b from generate_series(1, 50));
