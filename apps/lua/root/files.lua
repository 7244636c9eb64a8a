-- files.lua - the io library on the packed root directory, and its errors.
local f = assert(io.open("lib/words.txt"))
print(f:read("l"), f:read("L"), f:read("n"), f:read("a"), f:read("l"), f:read(0))
print(f:seek("set", 4), f:read(3), f:seek("cur"), f:seek("end"), io.type(f))
f:close()
print(io.type(f), io.type(42), pcall(f.read, f))
for n, l in (function() local i = 0; local it = io.lines("lib/words.txt")
	return function() i = i + 1; local l = it(); return l and i, l end end)() do io.write(n, ":", l, ";") end
print()
for chunk in io.lines("lib/words.txt", 5) do io.write("<", chunk, ">") end
print()
print(io.open("missing.txt"))
print(io.open("lib/words.txt/below"))
print(io.open("no/such/dir"))
local d = io.open("lib")
print(d and d:read(1))
print(pcall(io.lines, "missing"))
print(select(2, pcall(dofile, "missing.lua")))
print(pcall(require, "no.such.module"))
print(loadfile("lib/greet.lua")().hello("file"))
io.stdout:write("one ", 2, " ", 3.5, "\n")
io.stderr:setvbuf("no")
print(io.output() == io.stdout, io.input() == io.stdin, tostring(io.stdout):match("^file %("))
local b = assert(io.open("lib/binary.dat", "rb")):read("a")
local sum = 0
for i = 1, #b do sum = (sum * 31 + b:byte(i)) % 1000000007 end
print(#b, sum)
