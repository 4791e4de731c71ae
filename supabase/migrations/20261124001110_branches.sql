-- A chat that goes on from the middle of another one.
alter table public.chats
  add column branched_from uuid references public.chats (id) on delete set null,
  add column branched_at int;
create index chats_branches on public.chats (branched_from) where branched_from is not null;

-- Copies what counts of a chat before a sequence number into a new chat of the caller's, numbered anew from 1; its id,
-- or null where the caller may not. Notices of restarts are left behind: what they superseded is not copied either.
create function oryxforge.branch_chat(origin uuid, before int, named text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  made uuid;
begin
  insert into public.chats (project_id, user_id, title, agent, mode, branched_from, branched_at)
  select c.project_id, auth.uid(), named, c.agent, c.mode, c.id, before
  from public.chats c
  where c.id = origin and c.deleted_at is null and c.project_id in (select oryxforge.my_projects('editor'))
  returning id into made;
  if made is null then
    return null;
  end if;
  insert into public.chat_messages (chat_id, project_id, seq, role, kind, content, metadata, created_at)
  select made, m.project_id, row_number() over (order by m.seq), m.role, m.kind, m.content, m.metadata, m.created_at
  from public.chat_messages m
  where m.chat_id = origin and m.seq < before
    and not (m.kind = 'notice' and m.metadata ->> 'code' is not distinct from 'attempt_restarted')
    and not exists (
      select from public.chat_messages n
      where n.chat_id = origin and n.kind = 'notice' and n.metadata ->> 'code' = 'attempt_restarted'
        and n.seq > m.seq and (n.metadata ->> 'supersedes_after')::int < m.seq
    );
  insert into public.artifacts (chat_id, project_id, run_id, datasheet_id, provenance, created_at)
  select made, a.project_id, a.run_id, a.datasheet_id, a.provenance, a.created_at
  from public.artifacts a
  where a.chat_id = origin and a.datasheet_id::text in (
    select m.metadata ->> 'datasheet_id' from public.chat_messages m where m.chat_id = made and m.kind = 'artifact'
  );
  return made;
end
$$;
revoke all on function oryxforge.branch_chat(uuid, int, text) from public;
grant execute on function oryxforge.branch_chat(uuid, int, text) to oryxforge_api;
