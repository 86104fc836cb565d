-- Why: what was delivered where (edits in place, statuses), and the transcript of the channels we hold ourselves.
create table deliveries (
    channel         text   not null,
    message_ref     text   not null,
    conversation_id uuid   not null,
    progress_key    text,
    status          text   not null,
    rank            bigint not null,
    error_code      bigint,
    updated_at_ms   bigint not null,
    constraint deliveries_key primary key (channel, message_ref),
    constraint deliveries_conversation foreign key (conversation_id) references conversations (id)
);
create index deliveries_by_progress on deliveries (conversation_id, progress_key) where progress_key is not null;

create table uploads (
    id            text   not null primary key,
    chat          text   not null,
    media_type    text   not null,
    size_bytes    bigint not null,
    created_at_ms bigint not null
);
