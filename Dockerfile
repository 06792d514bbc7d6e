# syntax=docker/dockerfile:1
# One program in a small image. Nothing is fetched but crates and Debian packages. Base images are named by the digest of
# their multi-platform index; the tag before it says what to look up for the next one.
FROM rust:1.95-slim-trixie@sha256:275c320a57d0d8b6ab09454ab6d1660d70c745fb3cc85adbefad881b69a212cc AS build
# aws-lc and SQLite are C: they need a compiler, make and cmake.
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential cmake \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY .cargo/config.toml .cargo/config.toml
COPY Cargo.toml Cargo.lock ./
COPY esia esia
COPY worlds worlds
COPY web web
COPY idp idp
COPY diary diary
COPY docs docs
COPY harness harness
COPY tests tests
COPY clients/rust clients/rust
COPY scenarios scenarios
# docker build --build-arg ESIA_STAND_COMMIT=$(git rev-parse --short=12 HEAD) says in --version what was built.
ARG ESIA_STAND_COMMIT
RUN cargo build --profile dist --locked -p harness

FROM debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f
RUN groupadd --gid 10001 stand \
 && useradd --uid 10001 --gid stand --no-create-home --shell /usr/sbin/nologin stand \
 && install -d -o stand -g stand /data
COPY --from=build /src/target/dist/esia-stand /usr/local/bin/esia-stand
# By number: Kubernetes cannot tell whether a name is root's.
USER 10001:10001
VOLUME /data
# 8081 is the mock Gosuslugi, 8082 the diary.
EXPOSE 8081 8082
# Whichever server this container runs.
HEALTHCHECK --interval=5s --timeout=10s --start-period=5s CMD ["esia-stand", "health"]
ENTRYPOINT ["esia-stand"]
# What a service container starts, where a forge lets it have no command. It wants ESIA_STAND_CONTROL_TOKEN.
CMD ["serve", "--idp-listen", "0.0.0.0:8081", "--diary-listen", "0.0.0.0:8082"]
