-- A question asked again: the notice that supersedes its earlier answer is committed with the asking, not by a worker.
create policy messages_again on public.chat_messages for insert to oryxforge_api
with check (
  role = 'assistant' and kind = 'notice' and attempt = 0 and metadata ->> 'code' = 'attempt_restarted'
  and chat_id in (
    select c.id from public.chats c
    where c.project_id = chat_messages.project_id and c.project_id in (select oryxforge.my_projects('editor'))
  )
);

-- What people asked, to find a chat's last question however long its answer is.
create index chat_messages_questions on public.chat_messages (chat_id, seq) where role = 'user' and kind = 'text';
