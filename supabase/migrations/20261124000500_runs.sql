-- The job of a run, deferred by the queue's own function inside the caller's transaction.
create function oryxforge.enqueue(run uuid) returns void
language plpgsql security definer set search_path = 'procrastinate', 'pg_temp'
as $$
begin
  perform procrastinate_defer_jobs_v1(array[
    row('runs', 'oryxforge.run', 0, null, null, jsonb_build_object('run', run), null)::procrastinate_job_to_defer_v1
  ]);
end
$$;

-- Takes a queued run as its next attempt; no row where it is held, ended or gone.
create function oryxforge.claim(run uuid, me uuid) returns setof oryxforge.runs
language sql security invoker set search_path = ''
as $$
  update oryxforge.runs r
  set status = 'running', attempt = r.attempt + 1, worker = me, started_at = coalesce(r.started_at, now())
  where r.id = run and r.status = 'queued'
  returning r.*
$$;

-- Writes the pieces of many runs in one call. A run is `written`, `repeated` (it was committed before) or absent.
-- Piece p belongs to run number owners[p] and is the offsets[p]th of its batch, from 0. Arrays are indexed, not joined:
-- a join of two unnested arrays is a nested loop, and batches are as large as a worker is busy.
create function oryxforge.append_pieces(
  me uuid, runs uuid[], attempts int[], firsts int[], counts int[],
  owners int[], offsets int[], kinds text[], contents text[], payloads jsonb[]
) returns table (run_id uuid, outcome text)
language plpgsql security invoker set search_path = ''
as $$
declare
  chat_of uuid[] := array_fill(null::uuid, array[cardinality(runs)]);
  project_of uuid[] := array_fill(null::uuid, array[cardinality(runs)]);
  moved record;
begin
  perform set_config('oryxforge.worker', me::text, true);
  for moved in
    update oryxforge.runs r set next_seq = r.next_seq + b.n
    from unnest(runs, attempts, firsts, counts) with ordinality as b(run, attempt, first, n, i)
    where r.id = b.run and r.attempt = b.attempt and r.status = 'running' and r.worker = me and r.next_seq = b.first
    returning b.i, r.id, r.chat_id, r.project_id
  loop
    chat_of[moved.i] := moved.chat_id;
    project_of[moved.i] := moved.project_id;
    run_id := moved.id;
    outcome := 'written';
    return next;
  end loop;
  insert into public.chat_messages (chat_id, project_id, seq, attempt, role, kind, content, metadata)
  select chat_of[p.owner], project_of[p.owner], firsts[p.owner] + p.k, attempts[p.owner], 'assistant', p.kind, p.content, p.payload
  from unnest(owners, offsets, kinds, contents, payloads) as p(owner, k, kind, content, payload)
  where chat_of[p.owner] is not null;
  if array_position(chat_of, null) is not null then
    return query
    select r.id, 'repeated'
    from unnest(runs, attempts, firsts, counts) with ordinality as b(run, attempt, first, n, i)
    join oryxforge.runs r on r.id = b.run
    where chat_of[b.i] is null and r.attempt = b.attempt and r.status = 'running' and r.worker = me
      and r.next_seq = b.first + b.n;
  end if;
end
$$;

-- Ends a run and its chat unless the attempt lost it; true also when this attempt has ended it already.
create function oryxforge.finish(
  me uuid, run uuid, try int, ending text, fault jsonb, outcome jsonb, cost double precision, took bigint
) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  r oryxforge.runs;
begin
  select * into r from oryxforge.runs where id = run and attempt = try and worker = me for update;
  if not found then
    return false;
  end if;
  if r.status <> 'running' then
    return r.status = ending;
  end if;
  update oryxforge.runs set status = ending, error = fault, result = outcome, ended_at = now() where id = run;
  update public.chats c
  set status = ending, error = fault, cost_usd = c.cost_usd + cost, duration_ms = c.duration_ms + took,
      completed_at = case when ending = 'completed' then now() end,
      failed_at = case when ending = 'failed' then now() end
  where c.id = r.chat_id;
  return true;
end
$$;

-- Queues again what silent workers left, and what was queued and whose job was lost; gives up after too many attempts.
create function oryxforge.rescue(silent interval, most int) returns int
language plpgsql security definer set search_path = ''
as $$
declare
  r record;
  n int := 0;
begin
  for r in
    select q.id, q.chat_id, q.attempt
    from oryxforge.runs q
    where q.status = 'running'
      and not exists (select from oryxforge.workers w where w.id = q.worker and w.seen_at > clock_timestamp() - silent)
    order by q.id
    for update of q skip locked
  loop
    n := n + 1;
    if r.attempt >= most then
      update oryxforge.runs set status = 'failed', ended_at = now(), error = jsonb_build_object(
        'code', 'gave_up', 'detail', 'The work stopped ' || most || ' times before its end. Ask again, or ask for less.')
      where id = r.id;
      update public.chats c set status = 'failed', failed_at = now(), error = q.error
      from oryxforge.runs q where q.id = r.id and c.id = r.chat_id;
    else
      update oryxforge.runs set status = 'queued', worker = null, queued_at = clock_timestamp() where id = r.id;
      perform oryxforge.enqueue(r.id);
    end if;
  end loop;
  for r in
    select q.id
    from oryxforge.runs q
    where q.status = 'queued' and q.queued_at < clock_timestamp() - silent
      and not exists (
        select from procrastinate.procrastinate_jobs j
        where j.status = 'todo' and j.task_name = 'oryxforge.run' and j.args ->> 'run' = q.id::text
      )
    order by q.id
    for update of q skip locked
  loop
    n := n + 1;
    update oryxforge.runs set queued_at = clock_timestamp() where id = r.id;
    perform oryxforge.enqueue(r.id);
  end loop;
  delete from oryxforge.workers where seen_at < clock_timestamp() - interval '1 hour';
  -- Jobs that a worker took with it: the run is what counts, and it has ended.
  delete from procrastinate.procrastinate_jobs j
  where j.task_name = 'oryxforge.run' and j.status <> 'todo'
    and not exists (
      select from oryxforge.runs q where q.id = (j.args ->> 'run')::uuid and q.status in ('queued', 'running')
    );
  return n;
end
$$;

-- A worker gives back runs that it can't go on with.
create function oryxforge.give_back(me uuid, runs uuid[]) returns int
language plpgsql security definer set search_path = ''
as $$
declare
  r record;
  n int := 0;
begin
  for r in
    select q.id from oryxforge.runs q
    where q.worker = me and q.status = 'running' and q.id = any (runs)
    order by q.id for update
  loop
    update oryxforge.runs set status = 'queued', worker = null, queued_at = clock_timestamp() where id = r.id;
    perform oryxforge.enqueue(r.id);
    n := n + 1;
  end loop;
  return n;
end
$$;

-- A worker that ends in good order gives back all that it holds.
create function oryxforge.sign_off(me uuid) returns int
language plpgsql security definer set search_path = ''
as $$
declare
  n int := oryxforge.give_back(me, array(select id from oryxforge.runs where worker = me and status = 'running'));
begin
  delete from oryxforge.workers where id = me;
  return n;
end
$$;

-- Pieces for many viewers in one read; membership is checked here for each, at the moment of the read.
create function oryxforge.read_pieces(viewers uuid[], chats uuid[], afters int[], most int)
returns table (
  n bigint, id uuid, chat_id uuid, seq int, attempt int, role text, kind text, content text, metadata jsonb,
  created_at timestamptz
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select v.n, m.id, m.chat_id, m.seq, m.attempt, m.role, m.kind, m.content, m.metadata, m.created_at
  from unnest(viewers, chats, afters) with ordinality as v(viewer, chat, after, n)
  cross join lateral (
    select from public.chats c
    join public.project_members p on p.project_id = c.project_id and p.user_id = v.viewer
    join public.projects q on q.id = c.project_id
    where c.id = v.chat and c.deleted_at is null and q.deleted_at is null
  ) seen
  cross join lateral (
    select x.* from public.chat_messages x where x.chat_id = v.chat and x.seq > v.after order by x.seq limit most
  ) m
  order by v.n, m.seq;
end
$$;

-- Tells listeners which chats grew, at most 100 chats a notification: a payload over 8000 bytes would abort the insert.
create function oryxforge.messages_inserted() returns trigger
language plpgsql security invoker set search_path = ''
as $$
declare
  payload text;
begin
  for payload in
    select string_agg(g.chat_id || ':' || g.seq, ',')
    from (
      select a.chat_id, max(a.seq) as seq, (dense_rank() over (order by a.chat_id) - 1) / 100 as part
      from added a group by a.chat_id
    ) g
    group by g.part
  loop
    perform pg_notify('oryxforge_messages', payload);
  end loop;
  return null;
end
$$;
create trigger messages_inserted after insert on public.chat_messages
referencing new table as added for each statement execute function oryxforge.messages_inserted();

create function oryxforge.chat_changed() returns trigger
language plpgsql security invoker set search_path = ''
as $$
begin
  perform pg_notify('oryxforge_chats', new.id::text);
  return null;
end
$$;
create trigger chat_changed after update of status, deleted_at on public.chats
for each row execute function oryxforge.chat_changed();

create function oryxforge.run_ended() returns trigger
language plpgsql security invoker set search_path = ''
as $$
begin
  perform pg_notify('oryxforge_runs', new.id || ':' || new.status);
  return null;
end
$$;
create trigger run_ended after update of status on oryxforge.runs
for each row when (new.status in ('completed', 'failed', 'cancelled')) execute function oryxforge.run_ended();

revoke all on all functions in schema oryxforge from public;
grant execute on function oryxforge.enqueue(uuid) to oryxforge_api, oryxforge_worker;
grant execute on function oryxforge.read_pieces(uuid[], uuid[], int[], int) to oryxforge_api;
grant execute on function
  oryxforge.claim(uuid, uuid),
  oryxforge.append_pieces(uuid, uuid[], int[], int[], int[], int[], int[], text[], text[], jsonb[]),
  oryxforge.finish(uuid, uuid, int, text, jsonb, jsonb, double precision, bigint),
  oryxforge.rescue(interval, int),
  oryxforge.give_back(uuid, uuid[]),
  oryxforge.sign_off(uuid)
to oryxforge_worker;
