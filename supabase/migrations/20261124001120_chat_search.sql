-- When something last happened in a chat: lists go by it.
alter table public.chats add column active_at timestamptz not null default now();
update public.chats set active_at = greatest(created_at, completed_at, failed_at);
create index chats_active on public.chats (project_id, active_at desc, id desc) where deleted_at is null;

create function oryxforge.chat_moved() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.active_at := now();
  return new;
end
$$;
revoke all on function oryxforge.chat_moved() from public;
create trigger chat_moved before update of status on public.chats
for each row when (new.status <> old.status) execute function oryxforge.chat_moved();

-- What was asked and answered, one row a question, whole: pieces cut words in two. `folded` is what is searched.
create table oryxforge.chat_texts (
  chat_id uuid not null references public.chats (id) on delete cascade,
  project_id uuid not null references public.projects (id) on delete cascade,
  seq int not null,
  body text not null,
  folded text not null,
  primary key (chat_id, seq)
);
create index chat_texts_project on oryxforge.chat_texts (project_id);
alter table oryxforge.chat_texts enable row level security;
grant select on oryxforge.chat_texts to oryxforge_api;
create policy texts_read on oryxforge.chat_texts for select to oryxforge_api
using (project_id in (select oryxforge.my_projects('viewer')));

-- Keeps the text of a chat from one of its questions on; for a branch, whose first messages were copied, from 0 on.
create function oryxforge.keep_text(chat uuid, first int) returns void
language sql security definer set search_path = ''
as $$
  with told as (
    select c.project_id, left(string_agg(
      case when m.role = 'user' then E'\n' || m.content || E'\n' else m.content end, '' order by m.seq
    ), 100000) as body
    from public.chats c
    join public.chat_messages m on m.chat_id = c.id
    where c.id = chat and m.seq >= first and m.kind = 'text'
      and not exists (
        select from public.chat_messages n
        where n.chat_id = chat and n.kind = 'notice' and n.metadata ->> 'code' = 'attempt_restarted'
          and n.seq > m.seq and (n.metadata ->> 'supersedes_after')::int < m.seq
      )
    group by c.project_id
  )
  insert into oryxforge.chat_texts (chat_id, project_id, seq, body, folded)
  select chat, t.project_id, first, btrim(t.body, E'\n'), lower(btrim(t.body, E'\n')) from told t
  on conflict (chat_id, seq) do update set body = excluded.body, folded = excluded.folded
$$;
revoke all on function oryxforge.keep_text(uuid, int) from public;

create function oryxforge.answer_ended() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  question int := (
    select max(m.seq) from public.chat_messages m where m.chat_id = new.id and m.role = 'user' and m.kind = 'text'
  );
begin
  if question is not null then
    perform oryxforge.keep_text(new.id, question);
  end if;
  return null;
end
$$;
revoke all on function oryxforge.answer_ended() from public;
create trigger answer_ended after update of status on public.chats
for each row when (old.status = 'processing' and new.status <> 'processing')
execute function oryxforge.answer_ended();

alter function oryxforge.branch_chat(uuid, int, text) rename to copy_chat;
revoke all on function oryxforge.copy_chat(uuid, int, text) from oryxforge_api;
create function oryxforge.branch_chat(origin uuid, before int, named text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  made uuid := oryxforge.copy_chat(origin, before, named);
begin
  perform oryxforge.keep_text(made, 0);
  return made;
end
$$;
revoke all on function oryxforge.branch_chat(uuid, int, text) from public;
grant execute on function oryxforge.branch_chat(uuid, int, text) to oryxforge_api;

select oryxforge.keep_text(c.id, 0) from public.chats c where c.deleted_at is null;
