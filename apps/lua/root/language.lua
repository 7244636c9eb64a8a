-- language.lua - goto, varargs, upvalues, metamethods, to-be-closed variables, integer division.
for i = 1, 3 do
	for j = 1, 3 do
		if (i + j) % 2 == 0 then goto continue end
		io.write(i, ":", j, " ")
		::continue::
	end
end
print()
do
	local n = 0
	::again:: n = n + 1
	if n < 5 then goto again end
	print("n", n)
end
local function va(...)
	local a, b = ...
	return select("#", ...), a, b, select("#", ...) > 0 and (select(-1, ...))
end
print(va(1, nil, 3), (va()), pcall(va))
print(table.pack(va(nil, nil)).n, table.unpack({1, 2, 3, nil, 5}, 2, 5))
local fns = {}
for i = 1, 3 do fns[i] = function(d) i = i + (d or 0) return i end end
print(fns[1](10), fns[1](), fns[2](), fns[3](-3))
local function counter()
	local n <const> = 100
	local c = 0
	return function() c = c + 1 return n + c end, function() return c end
end
local inc, get = counter()
inc() inc()
print(inc(), get())
do
	local log = {}
	local function res(name, bad)
		return setmetatable({}, {__close = function(_, e) log[#log + 1] = name .. ":" .. tostring(e)
			if bad then error(bad, 0) end end})
	end
	print(pcall(function()
		local a <close> = res("a")
		local b <close> = res("b", "from b")
		local c <close> = nil
		error("first", 0)
	end))
	for k in (function() local done return function() done = not done return done or nil end, nil, nil, res("loop") end)() do break end
	print(table.concat(log, " "))
end
-- every event of metatables
local mt = {}
for _, op in ipairs {"add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot", "concat"} do
	mt["__" .. op] = function(a, b) return op .. "(" .. type(a) .. "," .. type(b) .. ")" end
end
mt.__len = function() return 42 end
mt.__eq = function() return true end
mt.__lt = function() return true end
mt.__le = function() return false end
mt.__call = function(self, ...) return "called", select("#", ...) end
mt.__tostring = function() return "OBJECT" end
mt.__name = "Named"
mt.__index = function(_, k) return k .. "?" end
mt.__newindex = function(t, k, v) rawset(t, "_" .. k, v) end
local x, y = setmetatable({}, mt), setmetatable({}, mt)
print(x + 1, 1 - x, x * x, x / 2, x % 3, 2 ^ x, -x, x // 2, x & 1, 1 | x, x ~ x, x << 1, 1 >> x, ~x, x .. "s", 1 .. x)
print(#x, x == y, x ~= y, x < y, x <= y, x > 1, x(1, nil), tostring(x), x.field, rawlen(x), rawequal(x, y))
x.new = 5
print(rawget(x, "_new"), x._new, next(x))
print(getmetatable("abc").__index == string, ("x"):rep(3, "-"))
mt.__metatable = "locked"
print(getmetatable(x), pcall(setmetatable, x, {}))
mt.__pairs = function() return function(_, k) if not k then return 1, "paired" end end, x, nil end
for k, v in pairs(x) do print(k, v) end
-- inheritance
local Base = {} Base.__index = Base
function Base.new(n) return setmetatable({n = n}, Base) end
function Base:twice() return self.n * 2 end
local Derived = setmetatable({}, {__index = Base}) Derived.__index = Derived
function Derived.new(n) local o = Base.new(n) return setmetatable(o, Derived) end
function Derived:thrice() return self:twice() + self.n end
print(Derived.new(7):thrice(), Derived.new(1).missing)
print(7 // 2, -7 // 2, 7 // -2, 7.0 // 2, -7 % 3, 7 % -3, -7.5 % 2, 5 // 0.0, -5 % math.huge, 0x7fffffffffffffff + 1 == math.mininteger)
print(1 < 1.5, 2^53 == 2^53 + 1, math.maxinteger + 0.0 == math.maxinteger, 1 == 1.0, "10" + 5, "0x10" * 1, 10 .. 20)
print(#"\u{48}\x41\65\z
       end", "a\
b", [[
first newline dropped]], [==[ ]] ]==], '\'', "\"")
local env = {print = print}
load("y = 5 print(y)", "chunk", "t", env)()
print(env.y, y ~= 5)
local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end
print(fact(20), fact(21), fact(25.0))
local function loop(n) if n == 0 then return "tail" end return loop(n - 1) end
print(loop(200000))
print(select("#", table.unpack({}, 1, 200)), pcall(table.unpack, {}, 1, 1e8))
print(string.format("%s %s", pcall(function() local t = setmetatable({}, {__index = function(t, k) error("no " .. k) end}) return t.foo end)))
