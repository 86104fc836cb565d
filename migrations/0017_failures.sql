-- Why: a row that was in hand when its worker died is no row that failed.
alter table queue add column failures bigint not null default 0;
