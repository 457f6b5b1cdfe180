#!/bin/sh
# Run by the postgres image when its volume is empty: the owner of the tables, the application's and the auditor's role, the database.
set -eu
secrets=${SECRETS_DIRECTORY:-/run/secrets}
# The passwords are read by psql itself, so that they stand on no command line.
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname postgres <<SQL
\set owner_password \`cat '$secrets/database_owner_password'\`
\set app_password \`cat '$secrets/database_app_password'\`
\set auditor_password \`cat '$secrets/database_auditor_password'\`
create role i2a_owner login password :'owner_password';
create role i2a_app login password :'app_password';
create role i2a_auditor login password :'auditor_password';
create database i2a owner i2a_owner;
revoke connect on database i2a from public;
grant connect on database i2a to i2a_app, i2a_auditor;
SQL
