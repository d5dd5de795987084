#!/bin/sh
# Run once by the PostgreSQL image, on an empty data folder: a role that owns one database and has no other right.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=password="$(cat /run/secrets/database-password)" <<'SQL'
create role counterfoil login password :'password' nosuperuser nocreatedb nocreaterole;
create database counterfoil owner counterfoil;
revoke connect, temporary on database counterfoil from public;
SQL
