-- Asks for pages at random, the same ones in the same order each time.
-- Argument: a file with a line for each page, "path<TAB>cookie".

local wanted = {}

function init(arguments)
  math.randomseed(6)
  for line in io.lines(arguments[1]) do
    local path, cookie = line:match("^([^\t]+)\t?(.*)$")
    local headers = { ["Host"] = wrk.headers["Host"], ["Accept-Encoding"] = "gzip" }
    if cookie ~= "" then
      headers["Cookie"] = cookie
    end
    wanted[#wanted + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  return wanted[math.random(#wanted)]
end
