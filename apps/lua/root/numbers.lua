-- numbers.lua - integers and floats, conversions both ways, the math library, bits.
print(1, 1.0, -0.0, 1e15, 1e16, 1e100, 123456789012345678, 0.1, 1/3, 100 // 1e-1, 2^63, -2^63, 1e308 * 10, -(0/0) ~= -(0/0))
print(math.type(1), math.type(1.0), math.type("1"), math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), 3 | 0, pcall(function() return 3.5 | 0 end))
print(math.maxinteger, math.mininteger, math.maxinteger + 1, math.mininteger - 1, -math.mininteger, math.mininteger // -1, math.abs(math.mininteger))
print(0xff, 0x7fffffffffffffff, 0xffffffffffffffff, 0x1p4, 0xA.8p0, 0x.1p-3, 1e-320, 5e-324, 9007199254740993, 1e23)
for _, s in ipairs {"10", " 0x1F ", "1e2", "1e", "0x", "", " ", "1 2", "inf", "nan", "1_000", "9223372036854775808", "-9223372036854775808", "0x1p-2", ".5", "5.", "1e+5", "١"} do io.write(tostring(tonumber(s)), " ") end
print()
for _, a in ipairs {{"ff", 16}, {"zz", 36}, {"8", 8}, {"-101", 2}, {"7fffffffffffffff", 16}, {" 11 ", 3}} do io.write(tostring(tonumber(a[1], a[2])), " ") end
print(pcall(tonumber, "1", 99))
print(3 == 3.0, 3 < 3.5, math.maxinteger < 2^63, math.maxinteger + 1.0 == 2^63, math.ult(1, -1), 1 < math.huge, -math.huge < math.mininteger)
print(7 // 0.0, -7 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0, 7 % math.huge, -7 % math.huge, 5.3 % 2, -5.3 % 2, 5.3 % -2, pcall(function() return 1 // 0 end))
print(pcall(function() return 1 % 0 end))
print(1 << 63, 1 << 64, 1 << -1, -1 >> 1, -1 >> 63, -1 >> 64, 5 & 3.0, 5 ~ 1, ~0, pcall(function() return "3" | 4 end), pcall(function() return "a" | 1 end))
print(math.floor(3.7), math.ceil(-3.7), math.floor(-2^70), math.fmod(7, -3), math.fmod(-7.5, 2), math.modf(3.25), math.modf(-1/0), math.sqrt(2), math.pi)
print(pcall(math.fmod, 1, 0), pcall(math.floor, "x"), math.max(3, 1.5), math.min(2, -1, 7), pcall(math.max))
print(string.format("%.14g %.17g %.3f %g %e %a", math.exp(1), math.log(2), math.pi, 1e-5, 12345.678, 1.5), math.log(1024, 2), math.log(100, 10), math.log(81, 3))
for x = -1, 1, 0.25 do io.write(string.format("%.12g %.12g %.12g %.12g|", math.sin(x), math.cos(x), math.tan(x), math.atan(x))) end
print()
for i = 3, 1, -1 do io.write(i, " ") end
for i = 1, 2, 0.5 do io.write(i, " ") end
for i = math.maxinteger - 1, math.maxinteger do io.write(i, " ") end
print(pcall(function() for i = 1, 10, 0 do end end))
print(pcall(function() for i = "a", 2 do end end))
math.randomseed(123)
print(math.random(100), math.random(100), math.random(1, 6), math.random(-10, 10), string.format("%.14g", math.random()), math.random(math.mininteger, math.maxinteger))
math.randomseed(7, 9)
print(math.random(1e9), math.random(3), pcall(math.random, 0, -1), pcall(math.random, 2, 1))
print(2^31 | 0, 1e3 | 0, math.tointeger(2^53), -2^53 | 0, "0x10" + 0, "1e1" * 1, 10 // "3", 2 ^ "3", -"2", - "-0x2")
print(tostring(3) == "3", tostring(3.0), tostring(-0.0), 1e15 // 1, 1e14, 123456.789e3, 2^24, 1e5 .. "", 1e15 .. "", (2^63) .. "")
print(string.pack(">i8", math.mininteger):byte(1, -1))
local sum = 0
for i = 1, 100000 do sum = sum + i % 7 * 0.5 end
print(sum, 0.1 + 0.2 == 0.3, string.format("%.20f", 0.1))
