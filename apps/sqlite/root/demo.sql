-- demo.sql - what the console shows first.
create table planet(name text, moons int);
insert into planet values('Earth', 1), ('Mars', 2), ('Jupiter', 95);
.mode box
select name, moons, sum(moons) over (order by moons) as so_far from planet;
