-- What each attempt at an answer cost, in US dollars: counted once, however the attempt ended.
create table oryxforge.costs (
  run_id uuid not null references oryxforge.runs (id) on delete cascade,
  attempt int not null,
  project_id uuid not null,
  user_id uuid not null,
  cost_usd double precision not null check (cost_usd > 0),
  told_at timestamptz not null default now(),
  primary key (run_id, attempt)
);
create index costs_project on oryxforge.costs (project_id, told_at);
create index costs_user on oryxforge.costs (user_id, told_at);
alter table oryxforge.costs enable row level security;

insert into oryxforge.costs (run_id, attempt, project_id, user_id, cost_usd, told_at)
select r.id, r.attempt, r.project_id, r.user_id, (r.result ->> 'cost_usd')::double precision, r.ended_at
from oryxforge.runs r
where r.kind = 'chat' and r.ended_at is not null and (r.result ->> 'cost_usd')::double precision > 0;

create or replace function oryxforge.spent_in(project uuid) returns double precision
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum(c.cost_usd), 0)
  from oryxforge.costs c
  where c.project_id = project and c.told_at >= oryxforge.this_month()
    and project in (select oryxforge.my_projects('viewer'))
$$;

-- Also in projects that are gone, or that the person has left.
create or replace function oryxforge.spent_by_me() returns double precision
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum(c.cost_usd), 0)
  from oryxforge.costs c
  where c.user_id = (select auth.uid()) and c.told_at >= oryxforge.this_month()
$$;
drop index oryxforge.runs_spent_project, oryxforge.runs_spent_user;

-- Keeps what an attempt cost, whatever became of it since, unless it is held by another worker; how much of it is new.
create function oryxforge.count_cost(me uuid, run uuid, try int, cost double precision) returns double precision
language plpgsql security definer set search_path = ''
as $$
begin
  insert into oryxforge.costs (run_id, attempt, project_id, user_id, cost_usd)
  select r.id, try, r.project_id, r.user_id, cost
  from oryxforge.runs r
  where r.id = run and r.kind = 'chat' and cost > 0 and try > 0
    and (try < r.attempt or (try = r.attempt and coalesce(r.worker, me) = me))
  on conflict do nothing;
  return case when found then cost else 0 end;
end
$$;

-- Adds what an attempt cost to its chat, once.
create function oryxforge.bill(me uuid, run uuid, try int, cost double precision) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  counted double precision := oryxforge.count_cost(me, run, try, cost);
begin
  if counted > 0 then
    update public.chats c set cost_usd = c.cost_usd + counted
    from oryxforge.runs r where r.id = run and c.id = r.chat_id;
  end if;
end
$$;

-- Ends a run and its chat unless the attempt lost it; true also when this attempt has ended it already. What it cost is
-- counted in any case.
create or replace function oryxforge.finish(
  me uuid, run uuid, try int, ending text, fault jsonb, outcome jsonb, cost double precision, took bigint
) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  r oryxforge.runs;
  counted double precision;
begin
  select * into r from oryxforge.runs where id = run and attempt = try and worker = me for update;
  if r.status is distinct from 'running' then
    perform oryxforge.bill(me, run, try, cost);
    return coalesce(r.status = ending, false);
  end if;
  counted := oryxforge.count_cost(me, run, try, cost);
  update oryxforge.runs set status = ending, error = fault, result = outcome, ended_at = now() where id = run;
  update public.chats c
  set status = ending, error = fault, cost_usd = c.cost_usd + counted, duration_ms = c.duration_ms + took,
      completed_at = case when ending = 'completed' then now() end,
      failed_at = case when ending = 'failed' then now() end
  where c.id = r.chat_id;
  return true;
end
$$;

revoke all on function
  oryxforge.count_cost(uuid, uuid, int, double precision),
  oryxforge.bill(uuid, uuid, int, double precision)
from public;
grant execute on function oryxforge.bill(uuid, uuid, int, double precision) to oryxforge_worker;
