-- Why: each request to a model with its price, for budgets and bills; and answers worth giving again.
create table ai_generation_logs (
    id                uuid    not null primary key,
    run_id            uuid,
    stage             text    not null,
    prompt            text    not null,
    provider          text    not null,
    model             text    not null,
    status            text    not null,
    prompt_tokens     bigint  not null,
    completion_tokens bigint  not null,
    cost_nano_usd     bigint  not null,
    estimated         boolean not null,
    latency_ms        bigint  not null,
    created_at_ms     bigint  not null,
    constraint ai_generation_logs_cost_not_negative check (cost_nano_usd >= 0),
    constraint ai_generation_logs_run foreign key (run_id) references runs (id)
);
create index ai_generation_logs_by_time on ai_generation_logs (created_at_ms, cost_nano_usd);
create index ai_generation_logs_by_run on ai_generation_logs (run_id, cost_nano_usd);

create table ai_answers (
    input_hash    text   not null primary key,
    provider      text   not null,
    model         text   not null,
    answer        jsonb  not null,
    expires_at_ms bigint not null,
    created_at_ms bigint not null
);
create index ai_answers_by_end on ai_answers (expires_at_ms);
