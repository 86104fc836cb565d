-- Why: people on any channel, the workspace that owns their wallet and sites, and their conversations.
create table users (
    id            uuid    not null primary key,
    language      text    not null,
    tier          text    not null default 'free',
    referral_code text    not null,
    referred_by   uuid,
    created_at_ms bigint  not null,
    constraint users_language_known check (language in ('id', 'en')),
    constraint users_tier_known check (tier in ('free', 'pro', 'business')),
    constraint users_referral_code_unique unique (referral_code),
    constraint users_referred_by_user foreign key (referred_by) references users (id)
);

create table identities (
    channel       text   not null,
    external_id   text   not null,
    user_id       uuid   not null,
    name          text,
    phone         text,
    muted         boolean not null default false,
    created_at_ms bigint not null,
    constraint identities_key primary key (channel, external_id),
    constraint identities_user foreign key (user_id) references users (id)
);
create index identities_by_user on identities (user_id);

create table workspaces (
    id            uuid   not null primary key,
    name          text   not null,
    personal_of   uuid,
    created_at_ms bigint not null,
    constraint workspaces_personal_unique unique (personal_of),
    constraint workspaces_personal_user foreign key (personal_of) references users (id)
);

create table members (
    workspace_id  uuid   not null,
    user_id       uuid   not null,
    role          text   not null,
    created_at_ms bigint not null,
    constraint members_key primary key (workspace_id, user_id),
    constraint members_role_known check (role in ('owner', 'admin', 'editor', 'member', 'viewer')),
    constraint members_workspace foreign key (workspace_id) references workspaces (id),
    constraint members_user foreign key (user_id) references users (id)
);
create index members_by_user on members (user_id);

create table conversations (
    id              uuid   not null primary key,
    channel         text   not null,
    chat            text   not null,
    user_id         uuid   not null,
    workspace_id    uuid   not null,
    external_id     text   not null,
    state           jsonb  not null,
    offered         jsonb  not null,
    last_inbound_at_ms bigint not null,
    updated_at_ms   bigint not null,
    constraint conversations_chat_unique unique (channel, chat),
    constraint conversations_user foreign key (user_id) references users (id),
    constraint conversations_workspace foreign key (workspace_id) references workspaces (id)
);
create index conversations_by_user on conversations (user_id);
