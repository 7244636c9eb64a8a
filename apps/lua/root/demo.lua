-- demo.lua - a walk through Lua on libos-posix: what it prints is what Lua on Linux prints.
print(_VERSION .. " says hello")
print("arguments: " .. #arg, table.concat(arg, " "))

-- strings and patterns
local text = "the quick brown fox jumps over the lazy dog"
local count = {}
for c in text:gmatch("%a") do count[c] = (count[c] or 0) + 1 end
local letters = {}
for c in pairs(count) do letters[#letters + 1] = c end
table.sort(letters, function(a, b)
	if count[a] ~= count[b] then return count[a] > count[b] end
	return a < b
end)
for i = 1, 5 do io.write(letters[i], "=", count[letters[i]], " ") end
print()

-- closures and coroutines
local function primes(max)
	return coroutine.wrap(function()
		local composite = {}
		for n = 2, max do
			if not composite[n] then
				coroutine.yield(n)
				for m = n * n, max, n do composite[m] = true end
			end
		end
	end)
end
local sum, list = 0, {}
for p in primes(60) do sum, list[#list + 1] = sum + p, p end
print("primes: " .. table.concat(list, ","), "sum " .. sum)

-- a module and a file from the packed root directory
local greet = require("lib.greet")
print(greet.hello("exokernel"))
for line in io.lines("lib/words.txt") do io.write("[", line, "]") end
print()

-- numbers
print(2^53, 7 // 2, 7 % -3, 1 / 3, math.pi, 0x7fffffffffffffff + 1)
print(string.format("%5.2f|%-8s|%08x|%q", math.sqrt(2), "left", 48879, "a\nb"))

-- time passes
local before = os.clock()
local t = {}
for i = 1, 200000 do t[i] = i * i end
print("squares: " .. #t, "time went on: " .. tostring(os.clock() > before))
print("since 2020: " .. tostring(os.time() > 1577836800), os.date("!%Y-%m-%d", 86400 * 365))
