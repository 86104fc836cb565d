# The binary is built once and copied into a small image without a compiler.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The caches survive between builds; the binary must leave them before the step ends.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin sitespark \
    && cp target/release/sitespark /usr/local/bin/sitespark

FROM debian:bookworm-slim
# Calls to channels, models and S3 are verified with the system's certificates.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin sitespark \
    && install -d -o sitespark -g sitespark -m 0750 /data
COPY --from=build /usr/local/bin/sitespark /usr/local/bin/sitespark
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/sitespark/
USER sitespark
WORKDIR /data
ENV DATA_DIR=/data \
    LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
# The image has no HTTP client; bash speaks enough HTTP to ask whether the process is alive.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/${LISTEN##*:}\" && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 status <&3 && [[ $status == *\" 200 \"* ]]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["sitespark"]
CMD ["serve"]
