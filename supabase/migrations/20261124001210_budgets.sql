-- What a project and a person may spend on models in a month, in US dollars; no row is no limit.
create table oryxforge.project_budgets (
  project_id uuid primary key references public.projects (id) on delete cascade,
  monthly_usd double precision not null check (monthly_usd >= 0),
  updated_at timestamptz not null default now()
);
create table oryxforge.user_budgets (
  user_id uuid primary key references auth.users (id) on delete cascade,
  monthly_usd double precision not null check (monthly_usd >= 0),
  updated_at timestamptz not null default now()
);
create index runs_spent_project on oryxforge.runs (project_id, ended_at) where kind = 'chat';
create index runs_spent_user on oryxforge.runs (user_id, ended_at) where kind = 'chat';

create function oryxforge.this_month() returns timestamptz
language sql stable set search_path = ''
as $$ select date_trunc('month', now() at time zone 'utc') at time zone 'utc' $$;

create function oryxforge.spent_in(project uuid) returns double precision
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum((r.result ->> 'cost_usd')::double precision), 0)
  from oryxforge.runs r
  where r.project_id = project and r.kind = 'chat' and r.ended_at >= oryxforge.this_month()
    and project in (select oryxforge.my_projects('viewer'))
$$;

-- Also in projects that are gone, or that the person has left.
create function oryxforge.spent_by_me() returns double precision
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum((r.result ->> 'cost_usd')::double precision), 0)
  from oryxforge.runs r
  where r.user_id = (select auth.uid()) and r.kind = 'chat' and r.ended_at >= oryxforge.this_month()
$$;

revoke all on function oryxforge.this_month(), oryxforge.spent_in(uuid), oryxforge.spent_by_me() from public;
grant execute on function oryxforge.spent_in(uuid), oryxforge.spent_by_me() to oryxforge_api, oryxforge_worker;

alter table oryxforge.project_budgets enable row level security;
alter table oryxforge.user_budgets enable row level security;
grant select on oryxforge.project_budgets, oryxforge.user_budgets to oryxforge_api, oryxforge_worker;
grant insert, update, delete on oryxforge.project_budgets, oryxforge.user_budgets to oryxforge_api;

create policy project_budgets_read on oryxforge.project_budgets for select to oryxforge_api, oryxforge_worker
using (project_id in (select oryxforge.my_projects('viewer')));
create policy project_budgets_set on oryxforge.project_budgets for all to oryxforge_api
using (project_id in (select oryxforge.my_projects('owner')))
with check (project_id in (select oryxforge.my_projects('owner')));
create policy user_budgets_own on oryxforge.user_budgets for all to oryxforge_api, oryxforge_worker
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
