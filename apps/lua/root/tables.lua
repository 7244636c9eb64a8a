-- tables.lua - tables, metatables, sorting, closures, goto, integer division.
local t = {}
for i = 1, 10 do t[i] = (i * 7) % 11 end
table.sort(t)
print(table.concat(t, " "))
table.sort(t, function(a, b) return a > b end)
print(table.concat(t, " "), #t, select("#", table.unpack(t)))
table.insert(t, 1, "first"); table.insert(t, "last"); print(table.remove(t, 2), table.remove(t), t[1], #t)
print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2, { 9 }), ","), table.pack(1, nil, 3).n)

local Account = {}
Account.__index = Account
Account.__add = function(a, b) return setmetatable({ sum = a.sum + b.sum }, Account) end
Account.__tostring = function(a) return "account(" .. a.sum .. ")" end
Account.__eq = function(a, b) return a.sum == b.sum end
Account.__lt = function(a, b) return a.sum < b.sum end
Account.__le = function(a, b) return a.sum <= b.sum end
Account.__len = function(a) return a.sum end
Account.__call = function(a, n) a.sum = a.sum + n; return a end
Account.__concat = function(a, b) return tostring(a) .. "&" .. tostring(b) end
Account.__close = function(a) print("closed", a) end
local function new(n) return setmetatable({ sum = n }, Account) end
local a, b = new(5), new(7)
print(tostring(a + b), a == new(5), a < b, a <= b, #b, tostring(a(10)), a .. b)
do local c <close> = new(1); print("inside") end

local function counter()
	local n = 0
	return function() n = n + 1; return n end
end
local c1, c2 = counter(), counter()
print(c1(), c1(), c2(), c1())

local weak = setmetatable({}, { __mode = "k" })
for i = 1, 100 do weak[{}] = i end
collectgarbage()
print(next(weak) == nil, collectgarbage("count") > 0, collectgarbage("isrunning"))

for i = 1, 3 do
	for j = 1, 3 do
		if j == 2 then goto continue end
		io.write(i, j, " ")
		::continue::
	end
end
print()

local big = {}
for i = 1, 100000 do big[i] = tostring(i) end
for i = 1, 100000, 3 do big[i] = nil end
local n = 0
for _, v in pairs(big) do n = n + #v end
print("big", n)

local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print("fib", fib(24))
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
print("deep", deep(15000))
local function tail(n) if n == 0 then return "done" end return tail(n - 1) end
print("tail", tail(1000000))
