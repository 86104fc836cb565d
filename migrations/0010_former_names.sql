-- Why: a renamed site's old name leads to the new one for a while, and nobody else can stand there meanwhile.
create table former_names (
    subdomain text   not null primary key,
    site_id   uuid   not null,
    until_ms  bigint not null,
    constraint former_names_site foreign key (site_id) references sites (id)
);
create index former_names_by_site on former_names (site_id);
