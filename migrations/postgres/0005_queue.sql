-- Why: one durable queue with lanes, the feed of site changes and the local transcript; the engine numbers the rows.
create table queue (
    seq            bigint generated always as identity primary key,
    lane           text   not null,
    key            text   not null,
    cause          text   not null,
    payload        jsonb  not null,
    state          text   not null default 'ready',
    attempt        bigint not null default 0,
    run_at_ms      bigint not null,
    lease_owner    text,
    lease_until_ms bigint,
    last_error     text,
    created_at_ms  bigint not null,
    finished_at_ms bigint,
    constraint queue_cause_unique unique (lane, cause),
    constraint queue_lane_known check (lane in ('inbox', 'jobs', 'outbox')),
    constraint queue_state_known check (state in ('ready', 'running', 'done', 'dead')),
    constraint queue_running_is_leased check ((state = 'running') = (lease_until_ms is not null))
);
create index queue_open on queue (lane, seq) where state in ('ready', 'running');
create index queue_open_by_key on queue (lane, key, seq) where state in ('ready', 'running');
create index queue_finished on queue (finished_at_ms) where state = 'done';
create index queue_dead on queue (lane, seq) where state = 'dead';

create table site_changes (
    seq       bigint generated always as identity primary key,
    site_id   uuid   not null,
    subdomain text   not null,
    at_ms     bigint not null,
    constraint site_changes_site foreign key (site_id) references sites (id)
);
create index site_changes_by_time on site_changes (at_ms);

create table transcript (
    seq             bigint generated always as identity primary key,
    channel         text   not null,
    chat            text   not null,
    cause           text   not null,
    from_bot        boolean not null,
    message         jsonb  not null,
    state           text   not null,
    created_at_ms   bigint not null,
    constraint transcript_cause_unique unique (channel, chat, cause)
);
create index transcript_by_chat on transcript (channel, chat, seq);
