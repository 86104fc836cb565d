-- Why: the ledger is append-only, whoever holds the connection.
create trigger transfers_no_update before update on transfers
begin
    select raise(abort, 'transfers are append-only');
end;
create trigger transfers_no_delete before delete on transfers
begin
    select raise(abort, 'transfers are append-only');
end;
create trigger versions_no_update before update on versions
begin
    select raise(abort, 'versions are immutable');
end;
