-- Sends forms, each with a text and a sender of its own.
-- Arguments: the form as it goes over the wire, with NUMBER where a word of its own belongs; the first number; and
-- how many milliseconds to wait between two (0: not at all).

local form, number, pause

function init(arguments)
  form, number, pause = arguments[1], tonumber(arguments[2]), tonumber(arguments[3])
end

-- A number as letters: digits could be taken for a telephone number.
local function word(n)
  return (tostring(n):gsub("%d", function(digit)
    return string.char(97 + tonumber(digit))
  end))
end

function request()
  number = number + 1
  local sender = string.format("10.%d.%d.%d", math.floor(number / 65536) % 256, math.floor(number / 256) % 256, number % 256)
  local headers = {
    ["Host"] = wrk.headers["Host"],
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = sender,
  }
  return wrk.format("POST", nil, headers, (form:gsub("NUMBER", word(number))))
end

function delay()
  return pause
end
