create table public.data_sources (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  user_owner uuid not null references auth.users (id) on delete cascade,
  name text not null,
  type text not null check (type in ('csv', 'excel', 'parquet')),
  uri text not null,
  size_bytes bigint not null default 0,
  status jsonb not null default '{"flag": "pending", "msg": ""}',
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index data_sources_project on public.data_sources (project_id);

create table public.datasheets (
  id uuid primary key default gen_random_uuid(),
  dataset_id uuid not null references public.datasets (id) on delete cascade,
  project_id uuid not null references public.projects (id) on delete cascade,
  user_owner uuid not null references auth.users (id) on delete cascade,
  name text not null,
  name_python text not null,
  type text not null check (type in ('table', 'chart', 'report')),
  source_id uuid references public.data_sources (id) on delete set null,
  version int not null default 1,
  uri text not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index datasheets_name_python on public.datasheets (dataset_id, lower(name_python)) where deleted_at is null;
create index datasheets_project on public.datasheets (project_id) where deleted_at is null;

create table public.datasheet_versions (
  id uuid primary key default gen_random_uuid(),
  datasheet_id uuid not null references public.datasheets (id) on delete cascade,
  project_id uuid not null references public.projects (id) on delete cascade,
  number int not null,
  uri text not null,
  rows bigint not null,
  columns jsonb not null,
  size_bytes bigint not null,
  content_hash text not null,
  metadata jsonb not null default '{}',
  created_by uuid not null,
  created_at timestamptz not null default now(),
  unique (datasheet_id, number)
);

-- A sheet belongs to the project of its dataset, whatever the writer says.
create function oryxforge.sheet_project() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select d.project_id into new.project_id from public.datasets d where d.id = new.dataset_id;
  return new;
end
$$;
create trigger sheet_project before insert or update of dataset_id on public.datasheets
for each row execute function oryxforge.sheet_project();

create function oryxforge.version_project() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select s.project_id into new.project_id from public.datasheets s where s.id = new.datasheet_id;
  return new;
end
$$;
create trigger version_project before insert on public.datasheet_versions
for each row execute function oryxforge.version_project();
revoke all on function oryxforge.sheet_project(), oryxforge.version_project() from public;

alter table public.data_sources enable row level security;
alter table public.datasheets enable row level security;
alter table public.datasheet_versions enable row level security;

revoke all on public.data_sources, public.datasheets, public.datasheet_versions from anon, authenticated;
grant select on public.data_sources, public.datasheets, public.datasheet_versions to authenticated;
grant select, insert on public.data_sources, public.datasheets, public.datasheet_versions to oryxforge_api, oryxforge_worker;
grant update (status, deleted_at) on public.data_sources to oryxforge_api, oryxforge_worker;
grant update (dataset_id, name, name_python, version, uri, metadata, updated_at, deleted_at) on public.datasheets
to oryxforge_api, oryxforge_worker;

create policy sources_read on public.data_sources for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy sources_insert on public.data_sources for insert to oryxforge_api, oryxforge_worker
with check (project_id in (select oryxforge.my_projects('editor')) and user_owner = (select auth.uid()));
create policy sources_update on public.data_sources for update to oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('editor')))
with check (project_id in (select oryxforge.my_projects('editor')));

create policy sheets_read on public.datasheets for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy sheets_insert on public.datasheets for insert to oryxforge_api, oryxforge_worker
with check (project_id in (select oryxforge.my_projects('editor')) and user_owner = (select auth.uid()));
create policy sheets_update on public.datasheets for update to oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('editor')))
with check (project_id in (select oryxforge.my_projects('editor')));

create policy versions_read on public.datasheet_versions for select to authenticated, oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy versions_insert on public.datasheet_versions for insert to oryxforge_api, oryxforge_worker
with check (project_id in (select oryxforge.my_projects('editor')) and created_by = (select auth.uid()));
