-- What clients may read, they may also watch.
do $$
declare
  name text;
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  foreach name in array array[
    'projects', 'project_members', 'data_sources', 'datasets', 'datasheets', 'datasheet_versions',
    'chats', 'chat_messages', 'artifacts'
  ] loop
    if not exists (
      select from pg_catalog.pg_publication_tables
      where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = name
    ) then
      execute format('alter publication supabase_realtime add table public.%I', name);
    end if;
  end loop;
end
$$;

-- A deleted row's log entry must tell whose rights ended, and its key alone doesn't. All other tables keep the key: it is
-- all that clients get of a deleted row, and a full identity would write each old row to the log again.
alter table public.project_members replica identity full;
