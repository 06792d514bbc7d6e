# Stands in for postgres:17-bookworm in scripts/containers, where that cannot be pulled: the same variables, Debian's package.
FROM localhost/debian-trixie
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-17 \
 && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data /run/postgresql
ENV PATH=/usr/lib/postgresql/17/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
USER postgres
VOLUME /var/lib/postgresql/data
COPY postgres.sh /postgres.sh
CMD ["sh", "/postgres.sh"]
