#!/bin/sh
# make_secrets.sh EMAIL_URL [DIRECTORY]: write random keys and passwords, and the addresses made of them, for
# docker-compose.yml. A file that exists is kept, so it may be run again.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 smtp+tls://user:password@mail.example.org:587 [directory]" >&2; exit 2; }
directory=${2:-secrets}
mkdir -p "$directory"
chmod 700 "$directory" # the files inside are readable, because the containers read them as accounts of their own

random() {
    head -c 48 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

put() {
    [ -e "$directory/$1" ] || printf %s "$2" > "$directory/$1"
    chmod 444 "$directory/$1"
}

for name in secret_key hmac_key postgres_password database_owner_password database_app_password database_auditor_password \
    redis_password; do
    put "$name" "$(random)"
done
put database_url "postgres://i2a_app:$(cat "$directory/database_app_password")@db:5432/i2a"
put database_owner_url "postgres://i2a_owner:$(cat "$directory/database_owner_password")@db:5432/i2a"
put redis_url "redis://:$(cat "$directory/redis_password")@redis:6379/0"
put email_url "$1"
