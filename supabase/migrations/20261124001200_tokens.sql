-- Tokens of people for their scripts: of each only a hash; gone at once where its row is gone.
create table oryxforge.api_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  hash text not null unique,
  last_four text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index api_tokens_user on oryxforge.api_tokens (user_id);
alter table oryxforge.api_tokens enable row level security;
grant select, insert, delete on oryxforge.api_tokens to oryxforge_api;
create policy tokens_own on oryxforge.api_tokens for all to oryxforge_api
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

-- Who a token speaks for, asked before anybody is known; notes its use once a minute.
create function oryxforge.use_token(secret_hash text)
returns table (token_id uuid, user_id uuid, email text, expires_at timestamptz)
language plpgsql security definer set search_path = ''
as $$
begin
  update oryxforge.api_tokens t set used_at = now()
  where t.hash = secret_hash and t.expires_at > now()
    and (t.used_at is null or t.used_at < now() - interval '1 minute');
  return query
  select t.id, t.user_id, u.email::text, t.expires_at
  from oryxforge.api_tokens t
  join auth.users u on u.id = t.user_id
  where t.hash = secret_hash and t.expires_at > now() and u.deleted_at is null
    and (u.banned_until is null or u.banned_until < now());
end
$$;
revoke all on function oryxforge.use_token(text) from public;
grant execute on function oryxforge.use_token(text) to oryxforge_api;
