-- Why: sites, their immutable versions, the pointer that publishes one, and the runs that make them.
create table sites (
    id            uuid   not null primary key,
    workspace_id  uuid   not null,
    name          text   not null,
    subdomain     text   not null,
    status        text   not null,
    version_id    uuid,
    created_at_ms bigint not null,
    updated_at_ms bigint not null,
    constraint sites_subdomain_unique unique (subdomain),
    constraint sites_status_known check (status in ('draft', 'live', 'suspended', 'deleted')),
    constraint sites_live_has_version check (status <> 'live' or version_id is not null),
    constraint sites_workspace foreign key (workspace_id) references workspaces (id)
);
create index sites_by_workspace on sites (workspace_id, created_at_ms);

create table versions (
    id            uuid   not null primary key,
    site_id       uuid   not null,
    number        bigint not null,
    parent_id     uuid,
    cause         text   not null,
    digest        text   not null,
    document      jsonb  not null,
    manifest      jsonb  not null,
    created_at_ms bigint not null,
    constraint versions_number_unique unique (site_id, number),
    constraint versions_cause_unique unique (cause),
    constraint versions_site foreign key (site_id) references sites (id),
    constraint versions_parent foreign key (parent_id) references versions (id)
);

create table page_views (
    site_id uuid   not null,
    day     bigint not null,
    views   bigint not null,
    constraint page_views_key primary key (site_id, day),
    constraint page_views_site foreign key (site_id) references sites (id)
);

create table form_entries (
    id            uuid   not null primary key,
    site_id       uuid   not null,
    form          text   not null,
    fields        jsonb  not null,
    created_at_ms bigint not null,
    constraint form_entries_site foreign key (site_id) references sites (id)
);
create index form_entries_by_site on form_entries (site_id, created_at_ms);

create table photos (
    id            text   not null primary key,
    width_px      bigint not null,
    height_px     bigint not null,
    colour        text   not null,
    created_at_ms bigint not null
);

create table runs (
    id              uuid   not null primary key,
    site_id         uuid   not null,
    workspace_id    uuid   not null,
    conversation_id uuid   not null,
    hold_id         uuid   not null,
    status          text   not null,
    brief           jsonb  not null,
    failure         text,
    created_at_ms   bigint not null,
    finished_at_ms  bigint,
    constraint runs_status_known check (status in ('running', 'live', 'failed', 'cancelled')),
    constraint runs_hold_unique unique (hold_id),
    constraint runs_site foreign key (site_id) references sites (id),
    constraint runs_workspace foreign key (workspace_id) references workspaces (id),
    constraint runs_conversation foreign key (conversation_id) references conversations (id),
    constraint runs_hold foreign key (hold_id) references transfers (id)
);
create index runs_by_workspace on runs (workspace_id, created_at_ms);
create index runs_unfinished on runs (created_at_ms) where status = 'running';

create table run_stages (
    run_id            uuid   not null,
    stage             text   not null,
    part              text   not null,
    input_hash        text   not null,
    prompt            text   not null,
    provider          text   not null,
    model             text   not null,
    prompt_tokens     bigint not null,
    completion_tokens bigint not null,
    cost_nano_usd     bigint not null,
    latency_ms        bigint not null,
    output            jsonb  not null,
    created_at_ms     bigint not null,
    constraint run_stages_key primary key (run_id, stage, part),
    constraint run_stages_run foreign key (run_id) references runs (id)
);
