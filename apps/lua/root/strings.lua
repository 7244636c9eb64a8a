-- strings.lua - the string library: formats, patterns, packing, utf8.
local f = string.format
for _, x in ipairs { 0, 1, -1, 0.1, 1e15, 1e16, 1e100, -1.5e-7, 123456.789, 2^63, 1/3, 5e-324,
	1.7976931348623157e308 } do
	print(x, f("%g %e %f %.3f %10.2f|%-12.1e|%a", x, x, x, x, x, x, x))
end
print(1/0, -1/0, math.huge // 1, f("%5.1f %g", 1/0, -1/0), 0/0 ~= 0/0)
for _, x in ipairs { 0, 1, -1, 255, -256, math.maxinteger, math.mininteger } do
	print(f("%d %5d|%-5d|%+d|%05d|%x %X %#x %o|%i", x, x, x, x, x, x, x, x, x, x))
end
print(f("%s %10s|%-10s|%.2s|%q|%c%c", "text", "right", "left", "cut", "q\"\\\n\0z", 65, 66))
print(f("%q %q %q", 1/3, math.mininteger, 255))
print(("x"):rep(5, "-"), ("abc"):reverse(), ("AbC"):upper(), ("AbC"):lower(), #"\0\0")
print(("hello world"):find("o w"), ("hello"):find("l+"), ("a.b"):find(".", 1, true))
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("2024-05-06"):match("(%d+)-(%d+)-(%d+)"))
print(("hello"):gsub("l", { l = "L" }), ("abc"):gsub("%w", "%0%0"), ("x y"):gsub("(%w) (%w)", "%2 %1"))
print(("THE (quick) fox"):find("%((%a+)%)"), ("f(a(b)c)d"):match("%b()"), ("THE END"):match("%f[%a]%a+$"))
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end
print()
print(string.pack("<i4", 100):byte(1, -1))
print(string.unpack("<i2 >i4 z s1", string.pack("<i2 >i4 z s1", -2, 77, "zero", "sized")))
print(("%d"):format(3.0), pcall(string.format, "%d", 3.5))
print(utf8.char(72, 228, 8364, 128512), utf8.len("äöü€"), #utf8.char(8364))
for p, c in utf8.codes("aä€") do io.write(p, ":", c, " ") end
print()
print(tostring(1e15), tostring(2^31), 10 // 3, 10.0 / 2, 3 | 4, ~0, 1 << 62, "10" + 5, "0x10" * 1)
print(tonumber("  12  "), tonumber("1e2"), tonumber("0x1p4"), tonumber("z", 36), tonumber("8", 8), tonumber(""))
print(math.tointeger(3.0), math.type(1), math.type(1.0), math.type("1"), 1 == 1.0, math.ult(1, -1))
