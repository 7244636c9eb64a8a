-- coroutines.lua - coroutines, errors, and errors inside coroutines.
local co = coroutine.create(function(a, b)
	print("begin", a, b)
	local c = coroutine.yield(a + b)
	print("got", c)
	local d, e = coroutine.yield(c * 2)
	print("got", d, e)
	return "end", "of it"
end)
print(coroutine.status(co), coroutine.resume(co, 1, 2))
print(coroutine.status(co), coroutine.resume(co, 10))
print(coroutine.status(co), coroutine.resume(co, "x", "y"))
print(coroutine.status(co), coroutine.resume(co))

local function permutations(list)
	local function go(n)
		if n == 0 then coroutine.yield(table.concat(list)) end
		for i = 1, n do
			list[n], list[i] = list[i], list[n]
			go(n - 1)
			list[n], list[i] = list[i], list[n]
		end
	end
	return coroutine.wrap(function() go(#list) end)
end
for p in permutations { "a", "b", "c" } do io.write(p, " ") end
print()

print(pcall(error, "plain", 0), pcall(error, { code = 7 }), pcall(error))
print(select(2, pcall(function() error("with place") end)))
print(select(2, pcall(function() local x = nil; return x.field end)))
print(select(2, pcall(function() return 1 + {} end)))
print(select(2, pcall(function() return #5 end)))
print(select(2, pcall(function() return {} < {} end)))
print(select(2, pcall(string.rep)))
print(xpcall(function() error("deep") end, function(m) return "handled: " .. m end))
local failing = coroutine.wrap(function() coroutine.yield(1); error("in coroutine") end)
print(failing(), pcall(failing))
print(coroutine.isyieldable(), select(2, coroutine.running()))
local function overflow() return 1 + overflow() end
local ok, message = pcall(overflow)
print(ok, message:match("stack overflow"))
print(load("return 1 +"))
print(load("x ="))
print(load("return ...", "chunk", "t", {})(42))
local many = {}
for i = 1, 2000 do many[i] = coroutine.wrap(function() coroutine.yield(i) end) end
local sum = 0
for i = 1, 2000 do sum = sum + many[i]() end
print("many", sum)
