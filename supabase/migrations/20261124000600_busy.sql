-- Writes the pieces of many runs in one call. A run is `written`, `repeated` (it was committed before) or absent.
-- Piece p belongs to run number owners[p] and is the offsets[p]th of its batch, from 0. Runs are found by their key and
-- their place in the arrays by position: joined to an unnested array, each run would read the whole array.
create or replace function oryxforge.append_pieces(
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
    update oryxforge.runs r set next_seq = r.next_seq + counts[array_position(runs, r.id)]
    where r.id = any (runs) and r.status = 'running' and r.worker = me
      and r.attempt = attempts[array_position(runs, r.id)] and r.next_seq = firsts[array_position(runs, r.id)]
    returning array_position(runs, r.id) as i, r.id, r.chat_id, r.project_id
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
    from oryxforge.runs r
    where r.id = any (runs) and r.status = 'running' and r.worker = me and chat_of[array_position(runs, r.id)] is null
      and r.attempt = attempts[array_position(runs, r.id)]
      and r.next_seq = firsts[array_position(runs, r.id)] + counts[array_position(runs, r.id)];
  end if;
end
$$;

-- The numbers, from 1, of viewers who wait for nothing: their chat is not answering, or is gone, or closed to them.
create function oryxforge.settled(viewers uuid[], chats uuid[]) returns setof bigint
language sql stable security definer set search_path = ''
as $$
  select v.n
  from unnest(viewers, chats) with ordinality as v(viewer, chat, n)
  where not exists (
    select from public.chats c
    join public.project_members p on p.project_id = c.project_id and p.user_id = v.viewer
    join public.projects q on q.id = c.project_id
    where c.id = v.chat and c.status = 'processing' and c.deleted_at is null and q.deleted_at is null
  )
$$;
revoke all on function oryxforge.settled(uuid[], uuid[]) from public;
grant execute on function oryxforge.settled(uuid[], uuid[]) to oryxforge_api;
