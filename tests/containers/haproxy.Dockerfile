# Stands in for haproxy:3.0-bookworm in scripts/containers, where that cannot be pulled: Debian's package.
FROM localhost/debian-trixie
RUN apt-get update && apt-get install -y --no-install-recommends haproxy
USER haproxy
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
