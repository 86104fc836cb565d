-- Why: an emoji on the newest of our messages can be an answer, so it must be known which one that is.
alter table deliveries add column taken_at_ms bigint;
create index deliveries_by_time on deliveries (conversation_id, taken_at_ms);
