# syntax=docker/dockerfile:1
# One program in a small image. Nothing is fetched but crates and Debian packages.
FROM rust:1.95-slim-trixie AS build
# aws-lc and SQLite are C: they need a compiler, make and cmake.
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential cmake \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY esia esia
COPY worlds worlds
COPY web web
COPY idp idp
COPY diary diary
COPY harness harness
COPY tests tests
COPY scenarios scenarios
RUN cargo build --profile dist --locked -p harness

FROM debian:trixie-slim
RUN useradd --system --uid 10001 --no-create-home stand \
 && install -d -o stand -g stand /data
COPY --from=build /src/target/dist/esia-stand /usr/local/bin/esia-stand
USER stand
VOLUME /data
# 8081 is the mock Gosuslugi, 8082 the diary.
EXPOSE 8081 8082
ENTRYPOINT ["esia-stand"]
CMD ["--help"]
