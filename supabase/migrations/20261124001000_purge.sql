-- Sheets that were deleted long enough ago go for good, and then their files: the keys wait here until these are gone.
create table oryxforge.purged_files (
  uri text primary key,
  since timestamptz not null default now()
);
alter table oryxforge.purged_files enable row level security;
revoke all on oryxforge.purged_files from public;

create index datasheets_deleted on public.datasheets (deleted_at) where deleted_at is not null;

-- Purges a batch; the files that nothing names any more. A sheet that is being restored is locked, and passed over.
create function oryxforge.purge_sheets(before timestamptz, most int) returns setof text
language plpgsql volatile security definer set search_path = ''
as $$
declare
  gone uuid[];
begin
  select coalesce(array_agg(found.id), '{}') into gone from (
    select s.id from public.datasheets s where s.deleted_at < before
    order by s.deleted_at limit most for update skip locked
  ) found;
  insert into oryxforge.purged_files (uri)
  select distinct v.uri from public.datasheet_versions v
  where v.datasheet_id = any(gone) and not exists (
    select from public.datasheet_versions other where other.uri = v.uri and not other.datasheet_id = any(gone)
  )
  on conflict do nothing;
  delete from public.datasheets s where s.id = any(gone);
  return query select f.uri from oryxforge.purged_files f order by f.since, f.uri limit 10000;
end
$$;

create function oryxforge.forget_files(uris text[]) returns void
language sql volatile security definer set search_path = ''
as $$
  delete from oryxforge.purged_files f where f.uri = any(uris);
$$;

revoke all on function oryxforge.purge_sheets(timestamptz, int), oryxforge.forget_files(text[]) from public;
grant execute on function oryxforge.purge_sheets(timestamptz, int), oryxforge.forget_files(text[]) to oryxforge_worker;
