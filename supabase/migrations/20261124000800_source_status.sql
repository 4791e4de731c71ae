-- A file's status follows its imports, in the transaction that moves them, so that no ending can leave it behind:
-- processing while one runs or waits for its next attempt; then ready, error with the reason, or what it was before.
create function oryxforge.source_follows_import() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  source uuid := (new.args ->> 'source_id')::uuid;
begin
  update public.data_sources s
  set status = case
    when new.status = 'running' or exists (
      select from oryxforge.runs r
      where r.status = 'running' and r.kind = 'import' and r.id <> new.id and r.args ->> 'source_id' = source::text
    ) then jsonb_build_object('flag', 'processing', 'msg', '')
    when new.status = 'failed' then jsonb_build_object('flag', 'error', 'msg', coalesce(new.error ->> 'detail', ''))
    when new.status = 'completed' or exists (select from public.datasheets d where d.source_id = s.id)
    then jsonb_build_object('flag', 'ready', 'msg', '')
    else jsonb_build_object('flag', 'pending', 'msg', '')
  end
  where s.id = source and s.project_id = new.project_id;
  return null;
end
$$;
revoke all on function oryxforge.source_follows_import() from public;
create trigger source_follows_import after update of status on oryxforge.runs
for each row when (new.kind = 'import' and new.status <> 'queued' and new.status <> old.status)
execute function oryxforge.source_follows_import();

-- Files that an import left behind before.
update public.data_sources s
set status = jsonb_build_object(
  'flag', case when exists (select from public.datasheets d where d.source_id = s.id) then 'ready' else 'pending' end, 'msg', ''
)
where s.status ->> 'flag' = 'processing' and not exists (
  select from oryxforge.runs r
  where r.kind = 'import' and r.status in ('queued', 'running') and r.args ->> 'source_id' = s.id::text
);
