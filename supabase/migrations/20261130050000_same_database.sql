-- Whether somebody holds this mark in this very database: `oryxforge doctor` holds one by DATABASE_URL and asks for it by
-- SUPABASE_URL, to tell whether both lead to one place. It writes nothing, and says nothing to whoever holds no mark.
create function public.holds_mark(mark integer) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_locks l
    join pg_catalog.pg_database d on d.oid = l.database and d.datname = pg_catalog.current_database()
    where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
      and l.classid = 1869773176 and l.objid = mark::oid
  )
$$;
revoke all on function public.holds_mark(integer) from public;
grant execute on function public.holds_mark(integer) to anon, authenticated, service_role;
