-- Why: the house's own accounts exist from the start; ids are bytes on this engine.
insert into accounts (id, kind, created_at_ms) values
    (x'00000000000070008000000000000001', 'issuance', 0),
    (x'00000000000070008000000000000002', 'revenue', 0);
