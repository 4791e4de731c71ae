-- What hosted Supabase has and a bare Postgres lacks. Run by the owner before the migrations, at each start.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      ('authenticator', 'login noinherit'),
      ('oryxforge_auth', 'login noinherit'),
      ('oryxforge_realtime', 'login noinherit')
    ) as roles (name, options)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.options);
    end if;
  end loop;
  if not pg_catalog.pg_has_role('authenticator', 'anon', 'member')
     or not pg_catalog.pg_has_role('authenticator', 'authenticated', 'member')
     or not pg_catalog.pg_has_role('authenticator', 'service_role', 'member') then
    grant anon, authenticated, service_role to authenticator;
  end if;
  -- Reads the write-ahead log, and asks as its clients' roles what they may see.
  if not pg_catalog.pg_has_role('oryxforge_realtime', 'anon', 'member')
     or not pg_catalog.pg_has_role('oryxforge_realtime', 'authenticated', 'member')
     or not pg_catalog.pg_has_role('oryxforge_realtime', 'service_role', 'member') then
    grant anon, authenticated, service_role to oryxforge_realtime;
  end if;
  if not (select rolreplication from pg_catalog.pg_roles where rolname = 'oryxforge_realtime') then
    begin
      alter role oryxforge_realtime replication;
    exception when insufficient_privilege then
      raise notice 'oryxforge_realtime may not read the write-ahead log: only a role that may itself can allow it';
    end;
  end if;
end
$$;

-- What clients ask by REST ends: the pool that asks for all of them is small. Hosted Supabase has such limits too.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '5s';

revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;
-- As on hosted Supabase, so that a migration that forgets to revoke is found out here.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;

do $$
begin
  if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end
$$;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role, oryxforge_auth;

create or replace function auth.jwt() returns jsonb language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
create or replace function auth.uid() returns uuid language sql stable
as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
create or replace function auth.role() returns text language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;
create or replace function auth.email() returns text language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email' $$;
grant execute on function auth.jwt(), auth.uid(), auth.role(), auth.email() to public;

-- The columns are GoTrue's, so that migrations, triggers and a later move to Supabase find what they know.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('aal_level', '''aal1'', ''aal2'', ''aal3'''),
      ('code_challenge_method', '''s256'', ''plain'''),
      ('one_time_token_type', '''confirmation_token'', ''reauthentication_token'', ''recovery_token'','
        ' ''email_change_token_new'', ''email_change_token_current'', ''phone_change_token''')
    ) as types (name, labels)
  loop
    if to_regtype('auth.' || wanted.name) is null then
      execute format('create type auth.%I as enum (%s)', wanted.name, wanted.labels);
    end if;
  end loop;
end
$$;

create table if not exists auth.users (
  instance_id uuid,
  id uuid primary key,
  aud varchar(255),
  role varchar(255),
  email varchar(255),
  encrypted_password varchar(255),
  email_confirmed_at timestamptz,
  invited_at timestamptz,
  confirmation_token varchar(255) default '',
  confirmation_sent_at timestamptz,
  recovery_token varchar(255) default '',
  recovery_sent_at timestamptz,
  email_change_token_new varchar(255) default '',
  email_change varchar(255) default '',
  email_change_sent_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb,
  raw_user_meta_data jsonb,
  is_super_admin boolean,
  created_at timestamptz,
  updated_at timestamptz,
  phone text unique,
  phone_confirmed_at timestamptz,
  phone_change text default '',
  phone_change_token varchar(255) default '',
  phone_change_sent_at timestamptz,
  confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  email_change_token_current varchar(255) default '',
  email_change_confirm_status smallint default 0 check (email_change_confirm_status between 0 and 2),
  banned_until timestamptz,
  reauthentication_token varchar(255) default '',
  reauthentication_sent_at timestamptz,
  is_sso_user boolean not null default false,
  deleted_at timestamptz,
  is_anonymous boolean not null default false
);
create unique index if not exists users_email_partial_key on auth.users (email) where not is_sso_user;
create index if not exists users_instance_id_email_idx on auth.users (instance_id, lower(email));
create index if not exists users_is_anonymous_idx on auth.users (is_anonymous);

create table if not exists auth.identities (
  id uuid primary key default gen_random_uuid(),
  provider_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  email text generated always as (lower(identity_data ->> 'email')) stored,
  unique (provider_id, provider)
);
create index if not exists identities_user_id_idx on auth.identities (user_id);
create index if not exists identities_email_idx on auth.identities (email);

create table if not exists auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz,
  updated_at timestamptz,
  factor_id uuid,
  aal auth.aal_level,
  not_after timestamptz,
  refreshed_at timestamp,
  user_agent text,
  ip inet,
  tag text
);
create index if not exists sessions_user_id_idx on auth.sessions (user_id, created_at);
create index if not exists sessions_not_after_idx on auth.sessions (not_after desc);

create table if not exists auth.refresh_tokens (
  instance_id uuid,
  id bigserial primary key,
  token varchar(255) unique,
  user_id varchar(255),
  revoked boolean,
  created_at timestamptz,
  updated_at timestamptz,
  parent varchar(255),
  session_id uuid references auth.sessions (id) on delete cascade
);
create index if not exists refresh_tokens_parent_idx on auth.refresh_tokens (parent);
create index if not exists refresh_tokens_session_id_idx on auth.refresh_tokens (session_id, revoked);
create index if not exists refresh_tokens_user_id_idx on auth.refresh_tokens (user_id);

create table if not exists auth.one_time_tokens (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  token_type auth.one_time_token_type not null,
  token_hash text not null check (token_hash <> ''),
  relates_to text not null,
  created_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  unique (user_id, token_type)
);
create index if not exists one_time_tokens_token_hash_idx on auth.one_time_tokens using hash (token_hash);
create index if not exists one_time_tokens_relates_to_idx on auth.one_time_tokens using hash (relates_to);

create table if not exists auth.flow_state (
  id uuid primary key,
  user_id uuid,
  auth_code text not null,
  code_challenge_method auth.code_challenge_method not null,
  code_challenge text not null,
  provider_type text not null,
  provider_access_token text,
  provider_refresh_token text,
  created_at timestamptz,
  updated_at timestamptz,
  authentication_method text not null,
  auth_code_issued_at timestamptz
);
create index if not exists flow_state_auth_code_idx on auth.flow_state (auth_code);
create index if not exists flow_state_created_at_idx on auth.flow_state (created_at desc);

create table if not exists auth.mfa_amr_claims (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references auth.sessions (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  authentication_method text not null,
  unique (session_id, authentication_method)
);

-- Beyond GoTrue's own: secrets are kept as hashes, and a successor can be told again.
alter table auth.refresh_tokens add column if not exists successor_salt text;
alter table auth.one_time_tokens
  add column if not exists code_hash text,
  add column if not exists tries smallint not null default 0,
  add column if not exists flow_id uuid,
  add column if not exists expires_at timestamptz;
alter table auth.flow_state
  alter column code_challenge drop not null,
  alter column code_challenge_method drop not null,
  add column if not exists referrer text,
  add column if not exists linking_target_id uuid,
  add column if not exists state_hash text,
  add column if not exists browser_hash text,
  add column if not exists nonce text,
  add column if not exists provider_verifier text,
  add column if not exists provider_person jsonb;
create index if not exists flow_state_state_hash_idx on auth.flow_state (state_hash);

-- Mail of an installation without a mail server.
create table if not exists auth.outbox (
  id bigserial primary key,
  created_at timestamptz not null default now(),
  recipient text not null,
  kind text not null,
  subject text not null,
  body text not null,
  link text,
  code text
);

do $$
declare
  name text;
begin
  foreach name in array array['users', 'identities', 'sessions', 'refresh_tokens', 'one_time_tokens', 'flow_state',
    'mfa_amr_claims', 'outbox'] loop
    execute format('alter table auth.%I enable row level security', name);
    execute format('revoke all on auth.%I from public, anon, authenticated, service_role', name);
    execute format('grant select, insert, update, delete on auth.%I to oryxforge_auth', name);
    if not exists (
      select from pg_catalog.pg_policies where schemaname = 'auth' and tablename = name and policyname = 'oryxforge_auth'
    ) then
      execute format('create policy oryxforge_auth on auth.%I for all to oryxforge_auth using (true) with check (true)', name);
    end if;
  end loop;
end
$$;
grant usage, select on all sequences in schema auth to oryxforge_auth;

-- Storage: the columns and functions are hosted Supabase's, so that policies written for it hold here too.
create schema if not exists storage;
grant usage on schema storage to anon, authenticated, service_role;

create or replace function storage.foldername(name text) returns text[] language sql immutable
as $$ select (string_to_array(name, '/'))[1:cardinality(string_to_array(name, '/')) - 1] $$;
create or replace function storage.filename(name text) returns text language sql immutable
as $$ select (string_to_array(name, '/'))[cardinality(string_to_array(name, '/'))] $$;
create or replace function storage.extension(name text) returns text language sql immutable
as $$ select substring(storage.filename(name) from '[^.]*$') $$;
create or replace function storage.operation() returns text language sql stable
as $$ select nullif(current_setting('storage.operation', true), '') $$;

create table if not exists storage.buckets (
  id text primary key,
  name text not null unique,
  owner uuid,
  owner_id text,
  public boolean not null default false,
  avif_autodetection boolean not null default false,
  file_size_limit bigint check (file_size_limit >= 0),
  allowed_mime_types text[],
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets (id),
  name text not null,
  owner uuid,
  owner_id text,
  version text not null unique,
  metadata jsonb,
  user_metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_accessed_at timestamptz not null default now()
);
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name collate "C");
-- A folder is listed without reading what lies deeper: of each folder that is in it one row is looked at.
alter table storage.objects
  add column if not exists folder text generated always as (regexp_replace(name, '[^/]*$', '')) stored;
create index if not exists objects_by_folder
  on storage.objects (bucket_id, folder collate "C", name collate "C");

-- Versions whose bytes may be there and that no object has: those being written, and those overwritten or removed.
create table if not exists storage.leftovers (
  version text primary key,
  since timestamptz not null default now(),
  gone boolean not null default false,
  made_by xid8 not null default pg_current_xact_id()
);

-- Bytes and rows agree whatever is killed when: a row takes its version out of the leftovers and gives the last one back.
create or replace function storage.settle() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.version = old.version then
    return null;
  end if;
  if tg_op <> 'DELETE' then
    delete from storage.leftovers where version = new.version and not gone;
    if not found then
      raise exception 'no bytes were written for this version' using errcode = 'object_not_in_prerequisite_state';
    end if;
  end if;
  if tg_op <> 'INSERT' then
    insert into storage.leftovers (version) values (old.version)
      on conflict (version) do update set since = now(), made_by = excluded.made_by;
  end if;
  return null;
end
$$;
revoke all on function storage.settle() from public;

do $$
declare
  name text;
begin
  foreach name in array array['buckets', 'objects', 'leftovers'] loop
    execute format('alter table storage.%I enable row level security', name);
    execute format('revoke all on storage.%I from public, anon, authenticated, service_role', name);
    execute format('grant select, insert, update, delete on storage.%I to service_role', name);
  end loop;
  -- Without a policy this lets nobody see or write anything.
  grant select, insert, update, delete on storage.buckets, storage.objects to anon, authenticated;
  if not exists (select from pg_catalog.pg_trigger where tgname = 'settle' and tgrelid = 'storage.objects'::regclass) then
    create trigger settle after insert or update or delete on storage.objects
      for each row execute function storage.settle();
  end if;
end
$$;

-- Private channels: who may hear and send there is what policies on this table say. Without any, nobody may.
create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;

create table if not exists realtime.messages (
  id uuid not null default gen_random_uuid(),
  topic text not null,
  extension text not null,
  event text,
  payload jsonb,
  private boolean default false,
  inserted_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  primary key (id, inserted_at)
);
alter table realtime.messages enable row level security;
revoke all on realtime.messages from public, anon, authenticated, service_role;
grant select, insert on realtime.messages to anon, authenticated, service_role;

create or replace function realtime.topic() returns text language sql stable
as $$ select nullif(current_setting('realtime.topic', true), '') $$;
grant execute on function realtime.topic() to public;

-- What REST serves follows the schema: PostgREST listens here, and reads it anew.
create or replace function extensions.tell_rest_of_change() returns event_trigger language plpgsql set search_path = ''
as $$
begin
  if exists (
    select from pg_catalog.pg_event_trigger_ddl_commands() as done where done.schema_name is distinct from 'pg_temp'
  ) then
    perform pg_catalog.pg_notify('pgrst', 'reload schema');
  end if;
end
$$;
create or replace function extensions.tell_rest_of_drop() returns event_trigger language plpgsql set search_path = ''
as $$
begin
  if exists (
    select from pg_catalog.pg_event_trigger_dropped_objects() as gone
    where not gone.is_temporary and gone.object_type in (
      'schema', 'table', 'table column', 'table constraint', 'foreign table', 'view', 'materialized view', 'rule', 'trigger',
      'function', 'procedure', 'aggregate', 'type', 'domain constraint'
    )
  ) then
    perform pg_catalog.pg_notify('pgrst', 'reload schema');
  end if;
end
$$;
revoke all on function extensions.tell_rest_of_change(), extensions.tell_rest_of_drop() from public;

do $$
begin
  drop event trigger if exists oryxforge_rest_change;
  drop event trigger if exists oryxforge_rest_drop;
  create event trigger oryxforge_rest_change on ddl_command_end when tag in (
    'CREATE SCHEMA', 'ALTER SCHEMA', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE FOREIGN TABLE',
    'ALTER FOREIGN TABLE', 'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW', 'CREATE RULE',
    'CREATE TRIGGER', 'CREATE FUNCTION', 'ALTER FUNCTION', 'CREATE PROCEDURE', 'ALTER PROCEDURE', 'CREATE AGGREGATE',
    'ALTER AGGREGATE', 'CREATE TYPE', 'ALTER TYPE', 'CREATE DOMAIN', 'ALTER DOMAIN', 'CREATE EXTENSION', 'ALTER EXTENSION'
  ) execute function extensions.tell_rest_of_change();
  create event trigger oryxforge_rest_drop on sql_drop execute function extensions.tell_rest_of_drop();
exception when insufficient_privilege then
  raise notice 'REST sees changes of the schema at its next start: only a superuser can have it told of them';
end
$$;
