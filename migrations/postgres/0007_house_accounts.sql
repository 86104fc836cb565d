-- Why: the house's own accounts exist from the start; ids are uuids on this engine.
insert into accounts (id, kind, created_at_ms) values
    ('00000000-0000-7000-8000-000000000001', 'issuance', 0),
    ('00000000-0000-7000-8000-000000000002', 'revenue', 0);
