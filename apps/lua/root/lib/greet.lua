-- greet.lua - a module of the demonstration.
local greet = {}

function greet.hello(whom)
	return ("hello, %s, from a module"):format(whom)
end

return greet
