-- Why: a status may come before we noted its message, a failed message is said again, a chat moves to another name, and a closed window is knocked at once.
create table early_statuses (
    channel       text   not null,
    message_ref   text   not null,
    status        text   not null,
    rank          bigint not null,
    error_code    bigint,
    created_at_ms bigint not null,
    constraint early_statuses_key primary key (channel, message_ref)
);
create table chat_moves (
    channel     text   not null,
    old_chat    text   not null,
    new_chat    text   not null,
    moved_at_ms bigint not null,
    constraint chat_moves_key primary key (channel, old_chat)
);
alter table deliveries add column said jsonb;
alter table conversations add column nudged_at_ms bigint;
create index conversations_by_person on conversations (channel, external_id);
