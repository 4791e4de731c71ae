-- Login roles of our own: none of them owns a table, none bypasses row-level security.
do $$
declare
  name text;
begin
  foreach name in array array['oryxforge_api', 'oryxforge_worker'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute format('create role %I login noinherit', name);
    end if;
  end loop;
end
$$;

create schema if not exists oryxforge;
revoke all on schema oryxforge from public;
grant usage on schema oryxforge to oryxforge_api, oryxforge_worker;
grant usage on schema public to oryxforge_api, oryxforge_worker;
grant usage on schema auth to oryxforge_api, oryxforge_worker;
