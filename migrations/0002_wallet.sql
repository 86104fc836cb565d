-- Why: double-entry tokens. Wallets keep counters so that a spend is one guarded update;
-- the house's own accounts keep none, because nobody waits on them: they are sums of transfers.
create table accounts (
    id             uuid   not null primary key,
    kind           text   not null,
    workspace_id   uuid,
    credits_posted bigint not null default 0,
    debits_posted  bigint not null default 0,
    debits_held    bigint not null default 0,
    created_at_ms  bigint not null,
    constraint accounts_kind_known check (kind in ('wallet', 'issuance', 'revenue')),
    constraint accounts_wallet_has_workspace check ((kind = 'wallet') = (workspace_id is not null)),
    constraint accounts_workspace_unique unique (workspace_id),
    constraint accounts_counters_positive check (credits_posted >= 0 and debits_posted >= 0 and debits_held >= 0),
    constraint accounts_never_overdrawn check (debits_posted + debits_held <= credits_posted),
    constraint accounts_workspace foreign key (workspace_id) references workspaces (id)
);

create table transfers (
    id                uuid   not null primary key,
    cause             text   not null,
    kind              text   not null,
    phase             text   not null,
    debit_account_id  uuid   not null,
    credit_account_id uuid   not null,
    amount            bigint not null,
    hold_id           uuid,
    why               text,
    expires_at_ms     bigint,
    created_at_ms     bigint not null,
    constraint transfers_cause_unique unique (cause),
    constraint transfers_hold_resolved_once unique (hold_id),
    constraint transfers_kind_known check (kind in ('signup_bonus', 'daily_login', 'website_generation',
        'image_generation', 'refinement', 'referral', 'purchase', 'refund', 'grant')),
    constraint transfers_phase_known check (phase in ('post', 'hold', 'capture', 'release')),
    constraint transfers_resolution_names_hold check ((phase in ('capture', 'release')) = (hold_id is not null)),
    constraint transfers_hold_expires check ((phase = 'hold') = (expires_at_ms is not null)),
    constraint transfers_amount_positive check (amount > 0),
    constraint transfers_two_sides check (debit_account_id <> credit_account_id),
    constraint transfers_debit foreign key (debit_account_id) references accounts (id),
    constraint transfers_credit foreign key (credit_account_id) references accounts (id),
    constraint transfers_hold foreign key (hold_id) references transfers (id)
);
create index transfers_by_debit on transfers (debit_account_id, created_at_ms);
create index transfers_by_credit on transfers (credit_account_id, created_at_ms);
create index transfers_open_holds on transfers (expires_at_ms) where phase = 'hold';
