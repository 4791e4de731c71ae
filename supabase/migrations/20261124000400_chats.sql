create table public.chats (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  agent text not null,
  mode text not null default 'explore' check (mode in ('explore', 'edit', 'plan')),
  status text not null default 'completed' check (status in ('processing', 'completed', 'failed', 'cancelled')),
  error jsonb,
  cost_usd double precision not null default 0,
  duration_ms bigint not null default 0,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  failed_at timestamptz,
  deleted_at timestamptz
);
create index chats_project on public.chats (project_id, created_at desc);

-- No foreign key and no index on id: pieces are the product's hottest rows, each check of the key would lock the chat's
-- row, and every writer takes chat_id from a row that is there. A trigger deletes them with their chat.
create table public.chat_messages (
  id uuid not null default gen_random_uuid(),
  chat_id uuid not null,
  project_id uuid not null,
  seq int not null,
  attempt int not null default 0,
  role text not null check (role in ('user', 'assistant')),
  kind text not null default 'text'
    check (kind in ('text', 'thinking', 'tool_use', 'tool_result', 'artifact', 'question', 'notice')),
  content text not null default '',
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (chat_id, seq),
  check (kind = 'text' or content = '')
);

create function oryxforge.chat_deleted() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from public.chat_messages where chat_id = old.id;
  return null;
end
$$;
revoke all on function oryxforge.chat_deleted() from public;
create trigger chat_deleted after delete on public.chats
for each row execute function oryxforge.chat_deleted();

create index chat_messages_restarts on public.chat_messages (chat_id, seq)
where kind = 'notice' and metadata ->> 'code' = 'attempt_restarted';

create table oryxforge.workers (
  id uuid primary key,
  instance text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- Not in chats: each batch of pieces moves next_seq, which would be an UPDATE event of the chat.
create table oryxforge.runs (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('chat', 'import')),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  chat_id uuid references public.chats (id) on delete cascade,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  attempt int not null default 0,
  worker uuid,
  next_seq int not null default 1,
  args jsonb not null default '{}',
  progress jsonb not null default '{}',
  result jsonb,
  error jsonb,
  request_id text not null default '',
  created_at timestamptz not null default now(),
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((kind = 'chat') = (chat_id is not null))
) with (fillfactor = 50);
create unique index runs_one_per_chat on oryxforge.runs (chat_id) where status in ('queued', 'running');
create index runs_open on oryxforge.runs (status) where status in ('queued', 'running');
create index runs_chat on oryxforge.runs (chat_id);

create table public.artifacts (
  id uuid primary key default gen_random_uuid(),
  chat_id uuid not null references public.chats (id) on delete cascade,
  project_id uuid not null references public.projects (id) on delete cascade,
  run_id uuid not null,
  datasheet_id uuid not null references public.datasheets (id) on delete cascade,
  provenance jsonb not null,
  created_at timestamptz not null default now()
);
create index artifacts_chat on public.artifacts (chat_id);

create table oryxforge.agent_sessions (
  chat_id uuid not null references public.chats (id) on delete cascade,
  session_id text not null,
  subpath text not null default '',
  n bigint generated always as identity,
  run_id uuid not null,
  attempt int not null,
  entry jsonb not null,
  primary key (chat_id, session_id, subpath, n)
);

create table oryxforge.idempotency (
  user_id uuid not null references auth.users (id) on delete cascade,
  key text not null,
  route text not null,
  request_hash text not null,
  status int not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  primary key (user_id, key, route)
);

create table oryxforge.signin_links (
  hash text primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  expires_at timestamptz not null
);

alter table public.chats enable row level security;
alter table public.chat_messages enable row level security;
alter table public.artifacts enable row level security;
alter table oryxforge.workers enable row level security;
alter table oryxforge.runs enable row level security;
alter table oryxforge.agent_sessions enable row level security;
alter table oryxforge.idempotency enable row level security;
alter table oryxforge.signin_links enable row level security;

-- What a worker holds is what it claimed and has not lost; it names itself for each transaction. Asked once a statement.
create function oryxforge.held() returns table (chat_id uuid, attempt int)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select r.chat_id, r.attempt from oryxforge.runs r
  where r.status = 'running' and r.worker = nullif(current_setting('oryxforge.worker', true), '')::uuid;
end
$$;
revoke all on function oryxforge.held() from public;
grant execute on function oryxforge.held() to oryxforge_worker;

revoke all on public.chats, public.chat_messages, public.artifacts from anon, authenticated;
grant select on public.chats, public.chat_messages, public.artifacts to authenticated, oryxforge_api, oryxforge_worker;
grant insert (id, project_id, user_id, title, agent, mode, status) on public.chats to oryxforge_api;
grant update (title, agent, mode, status, error, failed_at, completed_at, deleted_at) on public.chats to oryxforge_api;
grant update (status, error, cost_usd, duration_ms, completed_at, failed_at) on public.chats to oryxforge_worker;
grant insert on public.chat_messages to oryxforge_api, oryxforge_worker;
grant insert on public.artifacts to oryxforge_worker;
grant delete on public.artifacts to oryxforge_worker;
grant select, insert, update, delete on oryxforge.workers to oryxforge_worker;
grant select, insert on oryxforge.runs to oryxforge_api;
grant update (status, ended_at, error) on oryxforge.runs to oryxforge_api;
grant select, update on oryxforge.runs to oryxforge_worker;
grant select, insert, delete on oryxforge.agent_sessions to oryxforge_worker;
grant select, insert, delete on oryxforge.idempotency to oryxforge_api;

create policy chats_read on public.chats for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy chats_insert on public.chats for insert to oryxforge_api
with check (project_id in (select oryxforge.my_projects('editor')) and user_id = (select auth.uid()));
create policy chats_update on public.chats for update to oryxforge_api
using (project_id in (select oryxforge.my_projects('editor')))
with check (project_id in (select oryxforge.my_projects('editor')));

create policy messages_read on public.chat_messages for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy messages_ask on public.chat_messages for insert to oryxforge_api
with check (
  role = 'user' and attempt = 0
  and chat_id in (
    select c.id from public.chats c
    where c.project_id = chat_messages.project_id and c.project_id in (select oryxforge.my_projects('editor'))
  )
);
create policy messages_answer on public.chat_messages for insert to oryxforge_worker
with check (role = 'assistant' and (chat_id, attempt) in (select h.chat_id, h.attempt from oryxforge.held() h));

create policy artifacts_read on public.artifacts for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy artifacts_write on public.artifacts for insert to oryxforge_worker
with check (
  project_id in (select oryxforge.my_projects('editor'))
  and exists (
    select from oryxforge.runs r
    where r.id = run_id and r.chat_id = artifacts.chat_id and r.project_id = artifacts.project_id and r.status = 'running'
  )
);
create policy artifacts_drop on public.artifacts for delete to oryxforge_worker
using (project_id in (select oryxforge.my_projects('editor')));

create policy workers_own on oryxforge.workers for all to oryxforge_worker using (true) with check (true);

create policy runs_read on oryxforge.runs for select to oryxforge_api
using (project_id in (select oryxforge.my_projects('viewer')));
create policy runs_start on oryxforge.runs for insert to oryxforge_api
with check (
  project_id in (select oryxforge.my_projects('editor')) and user_id = (select auth.uid())
  and status = 'queued' and attempt = 0 and worker is null
);
create policy runs_stop on oryxforge.runs for update to oryxforge_api
using (project_id in (select oryxforge.my_projects('editor')) and status in ('queued', 'running'))
with check (status = 'cancelled');
create policy runs_work on oryxforge.runs for all to oryxforge_worker using (true) with check (true);

create policy sessions_work on oryxforge.agent_sessions for all to oryxforge_worker using (true) with check (true);
create policy idempotency_own on oryxforge.idempotency for all to oryxforge_api
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

do $$
begin
  -- Embedded only: hosted, accounts are Supabase's own.
  if exists (select from pg_catalog.pg_roles where rolname = 'oryxforge_auth') then
    grant usage on schema oryxforge to oryxforge_auth;
    grant select, insert, delete on oryxforge.signin_links to oryxforge_auth;
    create policy links_auth on oryxforge.signin_links for all to oryxforge_auth using (true) with check (true);
  end if;
end
$$;
