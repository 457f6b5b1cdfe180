#!/bin/sh
# with_secrets.sh COMMAND...: for each NAME_FILE in the environment put the content of that file into NAME, then run
# COMMAND. Secrets reach the container as files; the settings read variables.
set -eu
for name in SECRET_KEY I2A_HMAC_KEY DATABASE_URL REDIS_URL EMAIL_URL; do
    eval "file=\${${name}_FILE:-}"
    [ -n "$file" ] || continue
    value=$(cat "$file")
    export "$name=$value"
    unset "${name}_FILE"
done
exec "$@"
