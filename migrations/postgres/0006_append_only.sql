-- Why: the ledger is append-only, whoever holds the connection.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% are append-only', tg_table_name;
end;
$$;
create trigger transfers_no_update before update on transfers
    for each row execute function refuse_change();
create trigger transfers_no_delete before delete on transfers
    for each row execute function refuse_change();
create trigger transfers_no_truncate before truncate on transfers
    for each statement execute function refuse_change();
create trigger versions_no_update before update on versions
    for each row execute function refuse_change();
