create table public.projects (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  user_owner uuid not null references auth.users (id) on delete cascade,
  name_git text not null,
  git_path text,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index projects_owner_name on public.projects (user_owner, name) where deleted_at is null;

create table public.project_members (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null check (role in ('viewer', 'editor', 'owner')),
  created_at timestamptz not null default now(),
  unique (project_id, user_id)
);
create index project_members_user on public.project_members (user_id);

create table public.datasets (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_owner uuid not null references auth.users (id) on delete cascade,
  name text not null,
  name_python text not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index datasets_name on public.datasets (project_id, lower(name)) where deleted_at is null;
create unique index datasets_name_python on public.datasets (project_id, lower(name_python)) where deleted_at is null;

-- Security definer: a policy of project_members that read its own table would recurse.
-- plpgsql: it keeps its plan for the session, where a SQL function that can't be inlined is planned at each call.
create function oryxforge.my_projects(needed text) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select m.project_id
  from public.project_members m
  join public.projects p on p.id = m.project_id
  where m.user_id = (select auth.uid())
    and p.deleted_at is null
    and (m.role = 'owner' or needed = 'viewer' or m.role = needed);
end
$$;

create function oryxforge.project_created() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.project_members (project_id, user_id, role) values (new.id, new.user_owner, 'owner');
  insert into public.datasets (project_id, user_owner, name, name_python)
  values (new.id, new.user_owner, 'Sources', 'sources'), (new.id, new.user_owner, 'Exploration', 'exploration');
  return null;
end
$$;
create trigger project_created after insert on public.projects
for each row execute function oryxforge.project_created();

-- Only people whom the caller may share a project with can be looked up, and only by an owner of something.
create function oryxforge.user_by_email(address text) returns uuid
language sql stable security definer set search_path = ''
as $$
  select u.id from auth.users u
  where lower(u.email) = lower(address) and exists (select oryxforge.my_projects('owner'))
$$;

create function oryxforge.emails_in(project uuid) returns table (user_id uuid, email text)
language sql stable security definer set search_path = ''
as $$
  select m.user_id, u.email::text
  from public.project_members m
  join auth.users u on u.id = m.user_id
  where m.project_id = project and project in (select oryxforge.my_projects('viewer'))
$$;

revoke all on all functions in schema oryxforge from public;
grant execute on function oryxforge.my_projects(text) to authenticated, oryxforge_api, oryxforge_worker;
grant execute on function oryxforge.user_by_email(text), oryxforge.emails_in(uuid) to oryxforge_api;

alter table public.projects enable row level security;
alter table public.project_members enable row level security;
alter table public.datasets enable row level security;

-- Hosted Supabase grants every right on new public tables by default.
revoke all on public.projects, public.project_members, public.datasets from anon, authenticated;
grant select on public.projects, public.project_members, public.datasets to authenticated;
grant select, insert on public.projects to oryxforge_api;
grant update (name, name_git, git_path, deleted_at) on public.projects to oryxforge_api;
grant select, insert, delete on public.project_members to oryxforge_api;
grant update (role) on public.project_members to oryxforge_api;
grant select on public.projects, public.project_members to oryxforge_worker;
grant select, insert on public.datasets to oryxforge_api, oryxforge_worker;
grant update (name, name_python, deleted_at) on public.datasets to oryxforge_api, oryxforge_worker;

create policy projects_read on public.projects for select to authenticated, oryxforge_api, oryxforge_worker
using (id in (select oryxforge.my_projects('viewer')) or (user_owner = (select auth.uid()) and deleted_at is null));
create policy projects_insert on public.projects for insert to oryxforge_api
with check (user_owner = (select auth.uid()));
create policy projects_update on public.projects for update to oryxforge_api
using (id in (select oryxforge.my_projects('owner'))) with check (id in (select oryxforge.my_projects('owner')));

create policy members_read on public.project_members for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy members_insert on public.project_members for insert to oryxforge_api
with check (project_id in (select oryxforge.my_projects('owner')) and role <> 'owner');
create policy members_update on public.project_members for update to oryxforge_api
using (project_id in (select oryxforge.my_projects('owner')) and role <> 'owner') with check (role <> 'owner');
create policy members_delete on public.project_members for delete to oryxforge_api
using (role <> 'owner' and (project_id in (select oryxforge.my_projects('owner')) or user_id = (select auth.uid())));

create policy datasets_read on public.datasets for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy datasets_insert on public.datasets for insert to oryxforge_api, oryxforge_worker
with check (project_id in (select oryxforge.my_projects('editor')) and user_owner = (select auth.uid()));
create policy datasets_update on public.datasets for update to oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('editor')))
with check (project_id in (select oryxforge.my_projects('editor')));
