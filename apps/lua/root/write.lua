-- write.lua - files are written: every mode, buffering, seeking, temporary files, directories.
local dir = "tmp/"
local name = dir .. "lua-test.txt"
local f = assert(io.open(name, "w"))
print(io.type(f), f:write("line one\n", 2, " ", 3.5, "\nlast line without end") == f, f:seek(), f:close())
print(io.type(f), tostring(f), pcall(f.write, f, "x"))
for l in io.lines(name) do io.write("[", l, "]") end
for l in io.lines(name, "L") do io.write("<", l, ">") end
for a, b in io.lines(name, 1, "n") do io.write("(", tostring(a), ",", tostring(b), ")") break end
print()
f = assert(io.open(name, "r"))
print(f:read("l", "n", "n", "l", 4, "a", "a", "l", "n"))
print(f:write("x"))
print(f:seek("set", 5), f:read(3), f:seek("cur", -2), f:read(2), f:seek("end", -3), f:read("a"), f:seek("set", 100), f:read("a"), f:read(1))
print(f:seek("set", -1))
print(pcall(f.seek, f, "nowhere"), pcall(f.read, f, "x"), pcall(io.open, name, "rz"))
f:close()
f = assert(io.open(name, "a"))
print(f:seek("end"), f:write(" and more"), f:seek("set", 0), f:write("!"), f:close())
print(io.open(name):read("a"))
f = assert(io.open(name, "r+"))
print(f:read(4), f:seek("cur", 0), f:write("[2]"), f:seek("set"), f:read("L"), f:close())
f = assert(io.open(name, "w+"))
print(f:read("a"), f:write(("0123456789"):rep(1000)), f:seek("set", 9995), f:read("a"), f:seek("end"), f:close())
f = assert(io.open(name, "a+"))
print(#f:read("a"), f:write("tail"), f:seek("set", 9998), f:read("a"), f:close())
f = assert(io.open(name, "rb"))
print(f:setvbuf("full", 16), f:read(20), f:setvbuf("no"), f:read(3), f:setvbuf("line"), f:close())
local holes = assert(io.open(dir .. "holes", "w"))
holes:seek("set", 5000)
holes:write("end")
holes:close()
local h = io.open(dir .. "holes"):read("a")
print(#h, h:byte(1), h:byte(5000), h:sub(-3), select(2, h:gsub("\0", "")))
print(os.rename(name, dir .. "renamed"), io.open(name), os.rename(name, "x"), os.rename(dir .. "renamed", "nosuch/dir"))
print(os.remove(dir .. "renamed"), os.remove(dir .. "renamed"), os.remove("lib"), os.remove("nosuch/x"))
print(io.open("lib", "w"), io.open("lib/words.txt/x", "w"), io.open("", "r"), io.open("nosuch/x", "w"))
local d = io.open("lib")
print(d and d:read("a"), d and d:read(1))
local t = io.tmpfile()
print(io.type(t), t:write("temporary"), t:seek("set"), t:read("a"), t:close())
local tn = os.tmpname()
print(#tn > 0, io.open(tn) ~= nil, os.remove(tn), io.open(tn) == nil)
io.output(dir .. "out")
io.write("through io.write")
print(io.output():seek(), io.close(), pcall(io.write, "x"))
io.output(io.stdout)
io.input(dir .. "out")
print(io.read(7), io.read("a"), io.read("a"), io.read("l"), io.close(io.input()), pcall(io.read))
io.input(io.stdin)
print(os.remove(dir .. "out"), os.remove(dir .. "holes"), pcall(io.lines, "nosuch"), pcall(io.lines, name, "x"))
local many = {}
for i = 1, 100 do
	many[i] = assert(io.open(dir .. "f" .. i, "w"))
	many[i]:write(("x"):rep(i * 37))
end
for i = 1, 100 do many[i]:close() end
local total = 0
for i = 1, 100 do total = total + #io.open(dir .. "f" .. i):read("a") end
collectgarbage()
for i = 1, 100 do assert(os.remove(dir .. "f" .. i)) end
print(total)
local big = assert(io.open(dir .. "big", "wb"))
for i = 1, 2000 do big:write(string.pack("<I4", i * i), ("%08d"):format(i):rep(30)) end
print(big:seek("end"), big:close())
big = io.open(dir .. "big", "rb")
local sum = 0
for i = 2000, 1, -97 do
	big:seek("set", (i - 1) * 244)
	sum = sum + string.unpack("<I4", big:read(4)) + tonumber(big:read(8))
end
print(sum, big:close(), os.remove(dir .. "big"))
io.stdout:setvbuf("full")
io.write("buffered ")
io.stdout:flush()
print(io.stdout:seek() == nil or true, io.stderr:write("") == io.stderr)
