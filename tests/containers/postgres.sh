# Makes a database as POSTGRES_USER, POSTGRES_DB and POSTGRES_PASSWORD say, and serves it.
set -eu
printf '%s' "$POSTGRES_PASSWORD" >/run/postgresql/password
initdb --username "$POSTGRES_USER" --pwfile /run/postgresql/password --auth scram-sha-256 --auth-local trust --encoding UTF8 --locale C.UTF-8
printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
printf 'CREATE DATABASE "%s";\n' "$POSTGRES_DB" | postgres --single -j postgres
exec postgres -c listen_addresses='*'
