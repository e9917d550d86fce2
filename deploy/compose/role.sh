#!/bin/sh
# The role that Merit uses: it owns its database and is no superuser.
set -eu
password=$(cat /run/secrets/trader_password)
psql -v ON_ERROR_STOP=1 -v password="$password" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE trader LOGIN PASSWORD :'password';
ALTER DATABASE market OWNER TO trader;
GRANT ALL ON SCHEMA public TO trader;
SQL
