#!/bin/sh
# Makes the secrets that compose.yaml names, where they are missing: passwords, the master key, and a certificate that
# nobody but you trusts, to be replaced by a real one. Keep a copy of the master key elsewhere.
#
#   deploy/compose/make-secrets.sh auth.example.com
set -eu
host=${1:?say the host name, such as auth.example.com}
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets

make() { # make NAME COMMAND...: what the command prints becomes the secret
  name=$1
  shift
  [ -s "$name" ] || "$@" >"$name"
}

make postgres-password openssl rand -hex 24
make database-password openssl rand -hex 24
make operator-password openssl rand -hex 12
make master-key openssl rand -base64 32
make database-url printf 'postgres://counterfoil:%s@postgres:5432/counterfoil?sslmode=disable' "$(cat database-password)"
[ -s certificate ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
  -subj "/CN=$host" -addext "subjectAltName=DNS:$host" -keyout certificate-key -out certificate 2>/dev/null

# A container sees the files as they are on this machine. Counterfoil runs as user 10001 there, and PostgreSQL as 999.
if [ "$(id -u)" -eq 0 ]; then
  chown 10001:10001 database-url master-key operator-password
  chown 999:999 postgres-password database-password
else
  # Readable for whoever gets into the folder, which is nobody else.
  chmod 0444 database-url master-key operator-password postgres-password database-password
fi
