-- modules.lua - require, package, load, dofile, string.dump, garbage collection, weak tables.
print(package.config:gsub("\n", " "), package.path, #package.searchers, package.loaded._G == _G)
package.path = "lib/?.lua;lib/?/init.lua"
print(require("greet") == require("greet"), select(2, require("greet")), type(package.loaded.greet))
package.preload.made = function(...) return {args = {...}} end
local made, extra = require("made")
print(made.args[1], made.args[2], extra)
print(package.searchpath("greet", package.path), package.searchpath("no.such", package.path))
print(select(2, pcall(require, "no.such")))
local f = assert(io.open("tmp/mod.lua", "w"))
f:write("local name, file = ... print('loading', name, file) counter = (counter or 0) + 1 return nil")
f:close()
package.path = "tmp/?.lua"
print(require("mod"), require("mod"), counter)
package.loaded.mod = nil
print(require("mod"), counter)
print(pcall(dofile, "tmp/mod.lua"), counter)
print(loadfile("tmp/nosuch.lua"))
f = io.open("tmp/bad.lua", "w")
f:write("#!shebang line\nx = = 1")
f:close()
print(loadfile("tmp/bad.lua"))
print(select(2, pcall(require, "bad")))
f = io.open("tmp/bytes.luac", "wb")
f:write(string.dump(function(...) local a, b = ... return a + b end, true))
f:close()
print(loadfile("tmp/bytes.luac")(2, 3), loadfile("tmp/bytes.luac", "t"))
local parts, i = {"return ", "1 ", "+ 2"}, 0
print(load(function() i = i + 1 return parts[i] end, "pieces")(), load("return ...", "va")(7, 8), pcall(load("error('in chunk', 1)", "@file.lua")))
local env = setmetatable({}, {__index = _G})
print(load("function g() return 5 end return g()", "e", "bt", env)(), env.g ~= nil, g)
print(pcall(require, "lib.nothing.c") == false, package.loadlib("nosuch.so", "*") == nil)
-- garbage
local weak = setmetatable({}, {__mode = "k"})
local values = setmetatable({}, {__mode = "v"})
for j = 1, 100 do weak[{}] = j values[j] = {} end
values.kept = weak
collectgarbage()
local n = 0
for _ in pairs(weak) do n = n + 1 end
for _ in pairs(values) do n = n + 1 end
print(n, values.kept == weak)
local order = {}
do
	for j = 1, 3 do setmetatable({}, {__gc = function() order[#order + 1] = j end}) end
end
collectgarbage() collectgarbage()
print(table.concat(order, " "))
local before = collectgarbage("count")
local hold = {}
for j = 1, 50000 do hold[j] = {j, tostring(j)} end
local full = collectgarbage("count")
hold = nil
collectgarbage()
print(full > before + 1000, collectgarbage("count") < full, collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"))
print(collectgarbage("incremental"), collectgarbage("generational"), collectgarbage("incremental"), collectgarbage("step"), pcall(collectgarbage, "what"))
local eph = setmetatable({}, {__mode = "k"})
do local k = {} eph[k] = {k} end
collectgarbage()
print(next(eph))
setmetatable({}, {__gc = function() print("finalized at the end") end})
for _, file in ipairs {"mod.lua", "bad.lua", "bytes.luac"} do os.remove("tmp/" .. file) end
