-- luasocket: the same command line and output as workload/main.c.
local socket = require "socket"
local workload, timeout, n = arg[1], tonumber(arg[2]), tonumber(arg[3])
local ECHO, SLOW_ECHO, SINK, SOURCE, DATAGRAM_ECHO, DATAGRAM_SINK = 7001, 7002, 7003, 7004, 7005, 7006
local small, large = string.rep("x", 64), string.rep("x", 65536)
local clock, processor

local function start()
  processor = os.clock()
  clock = socket.gettime()
end

local function stop()
  local time, used = socket.gettime() - clock, os.clock() - processor
  print(string.format("%.2f %.2f", time * 1e9 / n, used * 1e9 / n))
end

local function limited(s)
  if timeout then s:settimeout(timeout) end
  return s
end

local function listen()
  local listener = limited(assert(socket.tcp()))
  assert(listener:bind("127.0.0.1", 0))
  assert(listener:listen(128))
  local _, port = listener:getsockname()
  return listener, port
end

local function connected(port)
  local s = limited(assert(socket.tcp()))
  assert(s:connect("127.0.0.1", port))
  return s
end

local function stream_with_far_end()
  local listener, port = listen()
  local near = connected(port)
  return near, listener:accept()
end

local function datagrams()
  local s = limited(assert(socket.udp()))
  assert(s:setsockname("127.0.0.1", 0))
  return s
end

local function go_there_and_back(port)
  local s = connected(port)
  start()
  for _ = 1, n do
    s:send("x")
    assert(s:receive(1))
  end
  stop()
end

local function connect_to(host)
  local listener, port = listen()
  start()
  for _ = 1, n do
    local near = limited(assert(socket.connect(host, port)))
    listener:accept():close()
    near:close()
  end
  stop()
end

local function resident_bytes()
  local file = io.open("/proc/self/statm")
  local _, resident = file:read("*n", "*n")
  file:close()
  return resident * 4096
end

local workloads = {
  round_trips = function() go_there_and_back(ECHO) end,
  waiting = function() go_there_and_back(SLOW_ECHO) end,
  receives = function()
    local near, far = stream_with_far_end()
    start()
    for _ = 1, n do
      far:send(small)
      near:receive(64)
    end
    stop()
  end,
  sends = function()
    local near, far = stream_with_far_end()
    start()
    for _ = 1, n do
      near:send(small)
      far:receive(64)
    end
    stop()
  end,
  empty = function()
    local near, far = stream_with_far_end()
    near:settimeout(0)
    start()
    for _ = 1, n do near:receive(64) end
    stop()
    far:close()
  end,
  bulk_sends = function()
    local s = connected(SINK)
    start()
    for _ = 1, n do assert(s:send(large)) end
    stop()
  end,
  bulk_receives = function()
    local s = connected(SOURCE)
    start()
    for _ = 1, n do assert(s:receive(65536)) end
    stop()
  end,
  lines = function()
    local near, far = stream_with_far_end()
    local block = string.rep(string.rep("x", 63) .. "\n", 128)
    start()
    for i = 0, n - 1 do
      if i % 128 == 0 then assert(far:send(block)) end
      assert(near:receive("*l"))
    end
    stop()
  end,
  connections = function()
    local listener, port = listen()
    start()
    for _ = 1, n do
      local near = connected(port)
      limited(listener:accept()):close()
      near:close()
    end
    stop()
  end,
  literals = function() connect_to("127.0.0.1") end,
  names = function() connect_to("localhost") end,
  datagram_round_trips = function()
    local s = datagrams()
    start()
    for _ = 1, n do
      s:sendto(small, "127.0.0.1", DATAGRAM_ECHO)
      s:receivefrom(64)
    end
    stop()
  end,
  datagram_sends = function()
    local s = datagrams()
    start()
    for _ = 1, n do s:sendto(small, "127.0.0.1", DATAGRAM_SINK) end
    stop()
  end,
  hold = function()
    local listener, port = listen()
    local kept, before = {}, resident_bytes()
    for _ = 1, n do
      kept[#kept + 1] = connected(port)
      kept[#kept + 1] = listener:accept()
    end
    print(resident_bytes() - before)
  end,
  nothing = function() print("0 0") end,
}

if not workloads[workload] then os.exit(77) end
workloads[workload]()
