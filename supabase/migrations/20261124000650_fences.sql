-- What a worker writes for a run beside pieces (sheets, versions, datasets, artifacts) is fenced as pieces are.

-- Holds a run's attempt until the end of the transaction: nobody can take it away meanwhile. False where it was lost.
create function oryxforge.hold(run uuid, try int) returns boolean
language plpgsql security invoker set search_path = ''
as $$
begin
  perform from oryxforge.runs r where r.id = run and r.attempt = try and r.status = 'running' for share;
  if not found then
    return false;
  end if;
  perform set_config('oryxforge.run', run::text, true), set_config('oryxforge.attempt', try::text, true);
  return true;
end
$$;
revoke all on function oryxforge.hold(uuid, int) from public;
grant execute on function oryxforge.hold(uuid, int) to oryxforge_worker;

-- The project of the run that this transaction holds, in the name of the one who asked; null where it holds none.
create function oryxforge.held_project() returns uuid
language sql stable security definer set search_path = ''
as $$
  select r.project_id from oryxforge.runs r
  where r.id = nullif(current_setting('oryxforge.run', true), '')::uuid
    and r.attempt = nullif(current_setting('oryxforge.attempt', true), '')::int
    and r.status = 'running' and r.user_id = (select auth.uid())
$$;
revoke all on function oryxforge.held_project() from public;
grant execute on function oryxforge.held_project() to oryxforge_worker;

create policy datasets_held on public.datasets as restrictive for insert to oryxforge_worker
with check (project_id = (select oryxforge.held_project()));
create policy datasets_changes_held on public.datasets as restrictive for update to oryxforge_worker
using (project_id = (select oryxforge.held_project())) with check (project_id = (select oryxforge.held_project()));
create policy sheets_held on public.datasheets as restrictive for insert to oryxforge_worker
with check (project_id = (select oryxforge.held_project()));
create policy sheets_changes_held on public.datasheets as restrictive for update to oryxforge_worker
using (project_id = (select oryxforge.held_project())) with check (project_id = (select oryxforge.held_project()));
create policy versions_held on public.datasheet_versions as restrictive for insert to oryxforge_worker
with check (project_id = (select oryxforge.held_project()));
create policy artifacts_held on public.artifacts as restrictive for insert to oryxforge_worker
with check (
  project_id = (select oryxforge.held_project())
  and run_id = nullif(current_setting('oryxforge.run', true), '')::uuid
);
create policy artifacts_drops_held on public.artifacts as restrictive for delete to oryxforge_worker
using (
  project_id = (select oryxforge.held_project())
  and run_id = nullif(current_setting('oryxforge.run', true), '')::uuid
);

-- Files are uploaded through the API; a worker says of a file only how its import goes.
revoke insert on public.data_sources from oryxforge_worker;
revoke update (deleted_at) on public.data_sources from oryxforge_worker;
