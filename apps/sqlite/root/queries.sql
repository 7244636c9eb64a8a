-- queries.sql - common table expressions, window functions, numbers, text, dates.
with recursive fib(a, b) as (values(0, 1) union all select b, a + b from fib limit 20)
	select group_concat(a, ' ') from fib;
with recursive tree(node, parent) as (values('root', null), ('usr', 'root'), ('bin', 'usr'),
		('etc', 'root'), ('lib', 'usr')),
	walk(node, depth, path) as (select node, 0, node from tree where parent is null
		union all select t.node, depth + 1, path || '/' || t.node from tree t join walk w
		on t.parent = w.node order by 3)
	select printf('%*s%s', depth * 2, '', node), path from walk;
with recursive
	xaxis(x) as (values(-2.0) union all select x + 0.1 from xaxis where x < 0.9),
	yaxis(y) as (values(-1.0) union all select y + 0.2 from yaxis where y < 0.9),
	m(iter, cx, cy, x, y) as (select 0, x, y, 0.0, 0.0 from xaxis, yaxis union all
		select iter + 1, cx, cy, x * x - y * y + cx, 2.0 * x * y + cy from m
		where (x * x + y * y) < 4.0 and iter < 20),
	m2(iter, cx, cy) as (select max(iter), cx, cy from m group by cx, cy),
	a(t) as (select group_concat(substr(' .+*#', 1 + min(iter / 5, 4), 1), '') from m2 group by cy)
	select group_concat(rtrim(t), char(10)) from a;
with recursive
	input(sud) as (values('53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79')),
	digits(z, lp) as (values('1', 1) union all select cast(lp + 1 as text), lp + 1 from digits where lp < 9),
	x(s, ind) as (select sud, instr(sud, '.') from input union all
		select substr(s, 1, ind - 1) || z || substr(s, ind + 1),
			instr(substr(s, 1, ind - 1) || z || substr(s, ind + 1), '.')
		from x, digits as z where ind > 0 and not exists (select 1 from digits as lp
			where z.z = substr(s, ((ind - 1) / 9) * 9 + lp, 1)
			or z.z = substr(s, ((ind - 1) % 9) + (lp - 1) * 9 + 1, 1)
			or z.z = substr(s, (((ind - 1) / 3) % 3) * 3 + ((ind - 1) / 27) * 27 + lp
				+ ((lp - 1) / 3) * 6, 1)))
	select s from x where ind = 0;
create table sale(day text, shop text, amount int);
insert into sale select date('2024-02-27', '+' || (value / 3) || ' days'),
	substr('NES', value % 3 + 1, 1), (value * 37) % 50 from generate_series(0, 17);
select day, shop, amount, sum(amount) over w, rank() over (partition by day order by amount desc),
	lag(amount, 1, -1) over w, ntile(3) over (order by amount, day, shop)
	from sale window w as (partition by shop order by day) order by day, shop;
select shop, amount, avg(amount) over (order by amount rows between 1 preceding and 1 following) m,
	first_value(amount) over (partition by shop order by day groups between current row and
	unbounded following exclude ties) f, percent_rank() over (order by amount) p,
	count(*) filter (where amount > 20) over (partition by shop) c from sale order by amount, shop, day;
select 1/3, 1.0/3, 7 % 3, -7 % 3, 1e300 * 1e10, -1e999, 9223372036854775807 + 1, 0.1 + 0.2, 1e21, 123456789.125;
select sqrt(2), pi(), sin(1), cos(1), tan(1), exp(1), ln(10), log10(1000), log2(8), pow(2, 0.5), ceil(-1.5), floor(-1.5), degrees(pi()), atan2(1, 2), acosh(2), mod(7.5, 2);
select round(2.5), round(-2.567, 2), abs(-5), max(1, 'a', 2.5), min(3, null), 5 | 2, 5 & 4, ~5, 1 << 40, 0xff;
select printf('%5d|%-5d|%05.1f|%x|%e|%g|%s|%10.3s|%q|%Q|%,d', 42, 42, 3.14159, 255, 12345.678, 0.0001, 'text', 'abcdef', 'it''s', null, 1234567);
select upper('aé'), length('aé'), length(cast('aé' as blob)), hex('é'), unicode('é'), char(233, 8364), substr('hello', -3, 2), replace('aXbX', 'X', '--'), trim('  x '), instr('hello', 'l'), quote(x'00ff'), soundex('Robert');
select 'abc' like 'A%', 'abc' glob 'A*', 'a_c' like 'a\_c' escape '\', 'x' between 'a' and 'y', null is not distinct from null, iif(1 > 2, 'y', 'n'), coalesce(null, null, 3), nullif(1, 1);
select typeof(1), typeof(1.0), typeof('1'), typeof(x'01'), typeof(null), cast('12abc' as int), cast(3.99 as int), '5' + 5, 5 || 5, cast('1e3' as real);
select date('2024-02-29', '+1 year'), date('2024-01-31', '+1 month'), julianday('2000-01-01 12:00'), strftime('%Y-%m-%d %H:%M:%S %j %w %W %s %f', '2023-12-31 23:59:59.5'), datetime(1700000000, 'unixepoch'), time('12:00', '-90 minutes'), date('2024-05-05', 'weekday 1', 'start of month'), unixepoch('2024-01-01');
select datetime(1700000000, 'unixepoch', 'localtime'), datetime('2024-06-01 12:00', 'utc');
select sum(value), avg(value), count(distinct value % 7), group_concat(value, '') from generate_series(1, 20);
values (1, 'one'), (2, 'two') except values (2, 'two');
