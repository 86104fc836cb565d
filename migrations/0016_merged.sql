-- Why: tokens on hold when two people turned out to be one come back to whoever stays.
alter table workspaces add column merged_into uuid;
