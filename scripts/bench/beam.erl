%% Erlang's side of the bench: the same work between two BEAM nodes on loopback, in the same rounds. Compiled and run by
%% scripts/bench.ts where Erlang is installed, with Elixir's code on its path for what is measured of that. Prints one
%% "key value" a line.
-module(beam).
-export([main/1, echo/0, sink/2, one/1, idle/0, counted/2, tasks/0, join_mesh/2, global_names/1]).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).

main([Scale0 | Keys]) ->
    Scale = list_to_integer(Scale0),
    {ok, Peer, B} = peer:start_link(#{name => beam_b, host => "127.0.0.1", args => ["-setcookie", "bench", "-pa" | code:get_path()]}),
    {module, ?MODULE} = erpc:call(B, code, ensure_loaded, [?MODULE]),
    Small = {ping, 1}, Big = binary:copy(<<"x">>, 10000), Hundred = binary:copy(<<"x">>, 100),
    Call = fun() -> erpc:call(B, ?MODULE, one, [1]) end,
    Spawn = fun() -> spawn(B, ?MODULE, one, [1]) end,
    {ok, _} = erpc:call(B, gen_server, start, [{local, bench_server}, ?MODULE, [], []]),
    lists:any(fun(Key) -> lists:prefix("task_", Key) end, Keys) andalso (ok = erpc:call(B, ?MODULE, tasks, [])),
    GenCall = fun() -> gen_server:call({bench_server, B}, 1) end,
    Task = fun() -> 'Elixir.Task':await('Elixir.Task.Supervisor':async({'Bench.Tasks', B}, ?MODULE, one, [1])) end,
    Rows = [
        {"round_trip_small", fun() -> round_trip(B, Small, 1000 * Scale) end},
        {"round_trip_10k", fun() -> round_trip(B, Big, 300 * Scale) end},
        {"one_way_small_1", fun() -> one_way(B, Small, 40000 * Scale, 1) end},
        {"one_way_small_16", fun() -> one_way(B, Small, 40000 * Scale, 16) end},
        {"one_way_100_1", fun() -> one_way(B, Hundred, 20000 * Scale, 1) end},
        {"one_way_10k_1", fun() -> one_way(B, Big, 2000 * Scale, 1) end},
        {"call_1", fun() -> rate(500 * Scale, 1, Call) end},
        {"call_64", fun() -> rate(6400 * Scale, 64, Call) end},
        {"gen_call_1", fun() -> rate(500 * Scale, 1, GenCall) end},
        {"gen_call_64", fun() -> rate(6400 * Scale, 64, GenCall) end},
        {"task_1", fun() -> rate(300 * Scale, 1, Task) end},
        {"task_64", fun() -> rate(1920 * Scale, 64, Task) end},
        {"spawn_1", fun() -> rate(500 * Scale, 1, Spawn) end},
        {"spawn_64", fun() -> rate(6400 * Scale, 64, Spawn) end},
        {"local_spawn", fun() -> local_spawn(20000 * Scale) end},
        {"local_send", fun() -> local_send(50000 * Scale) end},
        {"local_ping_pong", fun() -> local_ping_pong(40000 * Scale) end},
        {"local_gen_call", fun() -> local_gen_call(20000 * Scale) end},
        {"registry_lookup", fun() -> registry_lookup(50000 * Scale) end},
        {"process_bytes", fun() -> process_bytes(20000) end}
    ] ++ lists:append([[
        {"global_register_" ++ integer_to_list(Size), fun() -> element(1, global_rates(Size, 200 * Scale)) end},
        {"global_whereis_" ++ integer_to_list(Size), fun() -> element(2, global_rates(Size, 200 * Scale)) end}
    ] || Size <- [1, 2, 4, 8]]) ++ [{"mesh_" ++ integer_to_list(Size), fun() -> mesh_time(Size) end} || Size <- [4, 8, 16]],
    [io:format("~s ~p~n", [Key, float(Run())]) || {Key, Run} <- Rows, lists:member(Key, Keys)],
    peer:stop(Peer),
    halt().

now_us() -> erlang:monotonic_time(microsecond).

round_trip(B, Message, Count) ->
    Echo = spawn(B, ?MODULE, echo, []),
    Times = [begin T = now_ns(), Echo ! {self(), Message}, receive Message -> ok end, now_ns() - T end || _ <- lists:seq(1, Count)],
    exit(Echo, kill),
    lists:nth(Count div 2, lists:sort(Times)) / 1000.

now_ns() -> erlang:monotonic_time(nanosecond).

one_way(B, Message, Count, Senders) ->
    Sink = spawn(B, ?MODULE, sink, [self(), Count]),
    T = now_us(),
    [spawn_link(?MODULE, counted, [Count div Senders, fun() -> Sink ! Message end]) || _ <- lists:seq(1, Senders)],
    receive done -> ok end,
    Count * 1.0e6 / (now_us() - T).

rate(Count, InFlight, One) ->
    Me = self(), T = now_us(),
    [spawn_link(fun() -> counted(Count div InFlight, One), Me ! finished end) || _ <- lists:seq(1, InFlight)],
    [receive finished -> ok end || _ <- lists:seq(1, InFlight)],
    (Count div InFlight) * InFlight * 1.0e6 / (now_us() - T).

local_spawn(Count) ->
    Me = self(), T = now_us(),
    [spawn(fun() -> Me ! here end) || _ <- lists:seq(1, Count)],
    [receive here -> ok end || _ <- lists:seq(1, Count)],
    Count * 1.0e6 / (now_us() - T).

local_send(Count) ->
    Sink = spawn(?MODULE, sink, [self(), Count]),
    T = now_us(),
    [Sink ! {ping, N} || N <- lists:seq(1, Count)],
    receive done -> ok end,
    Count * 1.0e6 / (now_us() - T).

local_ping_pong(Count) ->
    Echo = spawn(?MODULE, echo, []),
    T = now_us(),
    [begin Echo ! {self(), N}, receive N -> ok end end || N <- lists:seq(1, Count)],
    exit(Echo, kill),
    Count * 1.0e6 / (now_us() - T).

local_gen_call(Count) ->
    {ok, Server} = gen_server:start(?MODULE, [], []),
    rate(Count, 1, fun() -> gen_server:call(Server, 1) end).

%% Where Elixir's Registry looks.
registry_lookup(Count) ->
    Table = ets:new(registry, [set, public, {read_concurrency, true}]),
    [ets:insert(Table, {{key, N}, {self(), N}}) || N <- lists:seq(0, 999)],
    rate(Count, 1, fun() -> ets:lookup(Table, {key, 500}) end).

%% Elixir's own supervisor of tasks, on the node where they are to run.
tasks() ->
    {ok, Pid} = 'Elixir.Task.Supervisor':start_link([{name, 'Bench.Tasks'}]),
    true = unlink(Pid),
    ok.

global_rates(Size, Count) ->
    case get({global, Size}) of
        undefined ->
            {_, Peers} = start_mesh("names", Size),
            ok = peer:call(hd(Peers), global, sync, [], infinity),
            Rates = peer:call(hd(Peers), ?MODULE, global_names, [Count], infinity),
            stop_mesh(Peers),
            put({global, Size}, Rates),
            Rates;
        Rates -> Rates
    end.

mesh_time(Size) ->
    {Taken, Peers} = start_mesh("mesh", Size),
    stop_mesh(Peers),
    Taken / 1000.

%% A cluster of its own: peers that are driven over their standard input are not connected to this node. Microseconds, from
%% when they are told to connect to one of them until the last has said that it knows all.
start_mesh(Kind, Size) ->
    Nodes = parallel([fun() -> mesh_peer(Kind, Size, N) end || N <- lists:seq(1, Size)]),
    [{_, First} | _] = Nodes,
    T = now_us(),
    parallel([fun() -> peer:call(Peer, ?MODULE, join_mesh, [Size - 1, First], infinity) end || {Peer, _} <- Nodes]),
    {now_us() - T, [Peer || {Peer, _} <- Nodes]}.

%% Not linked to who started it: that is a process of the moment.
mesh_peer(Kind, Size, N) ->
    Name = lists:concat([Kind, "_", Size, "_", N]),
    {ok, Peer, Node} = peer:start(#{name => Name, host => "127.0.0.1", connection => standard_io, wait_boot => 60000, args => ["-setcookie", "bench", "-pa", "."]}),
    {module, ?MODULE} = peer:call(Peer, code, ensure_loaded, [?MODULE], infinity),
    {Peer, Node}.

stop_mesh(Peers) -> parallel([fun() -> peer:stop(Peer) end || Peer <- Peers]).

join_mesh(Others, To) ->
    ok = net_kernel:monitor_nodes(true),
    To =:= node() orelse spawn(net_kernel, connect_node, [To]),
    joined(Others),
    ok = net_kernel:monitor_nodes(false).

joined(Others) -> length(nodes()) >= Others orelse (receive {nodeup, _} -> joined(Others) end).

parallel(Funs) ->
    Me = self(),
    Refs = [begin Ref = make_ref(), spawn_link(fun() -> Me ! {Ref, Fun()} end), Ref end || Fun <- Funs],
    [receive {Ref, Value} -> Value end || Ref <- Refs].

%% The first half is not counted, nor are the first look-ups: moebi's is compiled by then.
global_names(Count) ->
    Named = [{{bench, N}, spawn(?MODULE, idle, [])} || N <- lists:seq(0, 2 * Count - 1)],
    {First, Then} = lists:split(Count, Named),
    register_names(First),
    T0 = now_us(),
    register_names(Then),
    T1 = now_us(),
    Lookups = 1000 * Count,
    look_up(Lookups div 2, Count),
    T2 = now_us(),
    look_up(Lookups, Count),
    {Count * 1.0e6 / (T1 - T0), Lookups * 1.0e6 / (now_us() - T2)}.

register_names(Named) -> [yes = global:register_name(Name, Pid) || {Name, Pid} <- Named].

look_up(0, _) -> ok;
look_up(N, Count) -> true = is_pid(global:whereis_name({bench, N rem Count})), look_up(N - 1, Count).

init([]) -> {ok, []}.
handle_call(Request, _From, State) -> {reply, Request, State}.
handle_cast(_Request, State) -> {noreply, State}.

process_bytes(Count) ->
    Before = erlang:memory(processes),
    Pids = [spawn(?MODULE, idle, []) || _ <- lists:seq(1, Count)],
    After = erlang:memory(processes),
    [exit(Pid, kill) || Pid <- Pids],
    (After - Before) / Count.

counted(0, _) -> ok;
counted(N, One) -> One(), counted(N - 1, One).

echo() -> receive {From, Message} -> From ! Message end, echo().

sink(From, 0) -> From ! done;
sink(From, N) -> receive _ -> sink(From, N - 1) end.

one(X) -> X.

idle() -> receive _ -> ok end.
