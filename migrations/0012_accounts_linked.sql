-- Why: one person on many channels (codes that link them, tries that are counted), people who asked to be
-- forgotten and are no newcomers when they come back, and the one reminder of a conversation left halfway.
create table link_codes (
    code_hash       text   not null primary key,
    user_id         uuid   not null,
    conversation_id uuid   not null,
    expires_at_ms   bigint not null,
    used_at_ms      bigint,
    created_at_ms   bigint not null,
    constraint link_codes_user foreign key (user_id) references users (id),
    constraint link_codes_conversation foreign key (conversation_id) references conversations (id)
);
create index link_codes_by_user on link_codes (user_id, created_at_ms);

create table link_tries (
    id      uuid   not null primary key,
    user_id uuid   not null,
    at_ms   bigint not null,
    constraint link_tries_user foreign key (user_id) references users (id)
);
create index link_tries_by_user on link_tries (user_id, at_ms);

create table house_salts (
    name  text not null primary key,
    value text not null
);

create table forgotten (
    mark  text   not null primary key,
    at_ms bigint not null
);

alter table conversations add column remind_at_ms bigint;
alter table conversations add column reminded boolean not null default false;
create index conversations_to_remind on conversations (remind_at_ms) where remind_at_ms is not null;
