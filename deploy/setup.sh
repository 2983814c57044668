#!/usr/bin/env bash
# Makes what the servers of one installation share: passwords, certificates, API keys. Each reader has a
# folder of its own under $SECRETS, so that nobody sees another's. What is there already stays as it is.
#
#   setup.sh secrets   before the servers start: certificates and passwords
#   setup.sh keys      while Elasticsearch runs: our API key, a user for people, Kibana's token
#
# SECRETS         the folder above all, with elasticsearch/ postgres/ kibana/ talentwatch/ (default /secrets)
# ES_HOME         where Elasticsearch's programs lie: elasticsearch-certutil is one of them
# ES_URL          the cluster's address, as Kibana and we reach it
# ES_NAMES        host names and addresses for its certificate, with commas between them
# DATABASE        host and name of the database: HOST/NAME
# ROLES           the file of role descriptors, which `talentwatch index roles` prints
# OWNER_…         who may read the folder ELASTICSEARCH, POSTGRES, KIBANA, TALENTWATCH: UID:GID (only as root)
set -euo pipefail
umask 077

SECRETS=${SECRETS:-/secrets}
ES_HOME=${ES_HOME:-/usr/share/elasticsearch}
ES_URL=${ES_URL:-https://elasticsearch:9200}
ES_NAMES=${ES_NAMES:-elasticsearch,localhost,127.0.0.1}
DATABASE=${DATABASE:-postgres/talentwatch}
ROLES=${ROLES:-$(dirname "$0")/../crawler/storage/index/roles.json}
ANSWER=

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$1"; printf '    → %s\n' "$2" >&2; exit 1; }

# Standard input into a file that is whole or not there.
put() { cat >"$1.part" && chmod 400 "$1.part" && mv -f "$1.part" "$1"; }

# 48 random hexadecimal digits: need no quoting in an address.
random() { od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'; }

give() { # FOLDER OWNER
  if [ "$(id -u)" = 0 ] && [ -n "$2" ]; then chown -R "$2" "$SECRETS/$1"; fi
}

certificates() {
  local work names=() name
  [ -s "$SECRETS/elasticsearch/node.key" ] && [ -s "$SECRETS/elasticsearch/ca.crt" ] && return
  [ -x "$ES_HOME/bin/elasticsearch-certutil" ] ||
    fail "there is no $ES_HOME/bin/elasticsearch-certutil" "Set ES_HOME to where Elasticsearch is installed."
  say "making certificates for $ES_NAMES"
  IFS=, read -ra given <<<"$ES_NAMES"
  for name in "${given[@]}"; do
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=(--ip "$name"); else names+=(--dns "$name"); fi
  done
  work=$(mktemp -d)
  # The authority's key goes with it: whoever wants another certificate makes all anew.
  trap 'rm -rf "'"$work"'"' EXIT
  "$ES_HOME/bin/elasticsearch-certutil" ca --silent --pem --days 3650 --out "$work/ca.zip"
  (cd "$work" && unzip -q ca.zip)
  "$ES_HOME/bin/elasticsearch-certutil" cert --silent --pem --days 3650 --name node "${names[@]}" \
    --ca-cert "$work/ca/ca.crt" --ca-key "$work/ca/ca.key" --out "$work/node.zip"
  (cd "$work" && unzip -q node.zip)
  put "$SECRETS/elasticsearch/node.crt" <"$work/node/node.crt"
  put "$SECRETS/elasticsearch/ca.crt" <"$work/ca/ca.crt"
  put "$SECRETS/elasticsearch/node.key" <"$work/node/node.key"
}

password() { # FILE
  [ -s "$1" ] || random | put "$1"
}

secrets() {
  mkdir -p "$SECRETS"/{elasticsearch,postgres,kibana,talentwatch}
  certificates
  for folder in kibana talentwatch; do
    cmp -s "$SECRETS/elasticsearch/ca.crt" "$SECRETS/$folder/ca.crt" ||
      put "$SECRETS/$folder/ca.crt" <"$SECRETS/elasticsearch/ca.crt"
  done
  password "$SECRETS/elasticsearch/elastic_password"
  password "$SECRETS/elasticsearch/analyst_password"
  password "$SECRETS/postgres/password"
  printf 'postgresql://talentwatch:%s@%s' "$(cat "$SECRETS/postgres/password")" "$DATABASE" |
    put "$SECRETS/talentwatch/database_url"
  password "$SECRETS/talentwatch/web_token"
  owners
  say "passwords and certificates are in $SECRETS"
}

owners() {
  give elasticsearch "${OWNER_ELASTICSEARCH:-}"
  give postgres "${OWNER_POSTGRES:-}"
  give kibana "${OWNER_KIBANA:-}"
  give talentwatch "${OWNER_TALENTWATCH:-}"
}

# METHOD PATH [JSON]: the body is in ANSWER; 1 where the status is no success. Passwords go by standard input.
ask() {
  local status
  ANSWER=$(curl --silent --show-error --max-time 30 --cacert "$SECRETS/elasticsearch/ca.crt" --request "$1" \
    --header 'Content-Type: application/json' ${3:+--data "$3"} --write-out '\n%{http_code}' --config - "$ES_URL$2" \
    <<<"user = \"elastic:$(cat "$SECRETS/elasticsearch/elastic_password")\"") || return 1
  status=${ANSWER##*$'\n'}
  ANSWER=${ANSWER%$'\n'*}
  [[ $status == 2* ]]
}

must() { ask "$@" || fail "Elasticsearch refuses $1 $2: ${ANSWER:0:300}" "See its log; is $ES_URL ours?"; }

# What stands behind "NAME":"…" of the answer, without an end of line.
field() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" <<<"$ANSWER" | head -n 1 | tr -d '\n'; }

# Whether our key is there and known to this cluster.
key_works() {
  [ -s "$SECRETS/talentwatch/elasticsearch_api_key" ] || return 1
  curl --silent --fail --max-time 30 --cacert "$SECRETS/elasticsearch/ca.crt" --output /dev/null --config - \
    "$ES_URL/_security/_authenticate" \
    <<<"header = \"Authorization: ApiKey $(cat "$SECRETS/talentwatch/elasticsearch_api_key")\""
}

keys() {
  local try
  [ -s "$SECRETS/elasticsearch/elastic_password" ] && [ -s "$SECRETS/elasticsearch/ca.crt" ] ||
    fail "there is no elastic_password or ca.crt in $SECRETS/elasticsearch" "Put the cluster's there, or run: setup.sh secrets"
  mkdir -p "$SECRETS"/{kibana,talentwatch}
  for try in $(seq 60); do
    ask GET '/_cluster/health?wait_for_status=yellow&timeout=5s' && break
    [ "$try" = 60 ] && fail "$ES_URL does not answer: ${ANSWER:0:300}" "Is Elasticsearch running? See its log."
    sleep 2
  done
  if ! key_works; then
    ask DELETE /_security/api_key '{"name": "talentwatch", "owner": true}' || true
    # One process crawls, migrates and reads here, so that its key has all our roles: everything on talent-*,
    # the cluster's version, number of nodes and templates, and no more.
    [ -s "$ROLES" ] || fail "there is no file of roles $ROLES" "Set ROLES to crawler/storage/index/roles.json."
    must POST /_security/api_key "{\"name\": \"talentwatch\", \"role_descriptors\": $(cat "$ROLES")}"
    field encoded | put "$SECRETS/talentwatch/elasticsearch_api_key"
    say "made an API key for talent-*"
  fi
  if ! ask GET /_security/user/analyst; then
    password "$SECRETS/elasticsearch/analyst_password"
    must PUT /_security/user/analyst \
      "{\"password\": \"$(cat "$SECRETS/elasticsearch/analyst_password")\", \"roles\": [\"editor\"]}"
    say "made the user analyst for Kibana; the password is in $SECRETS/elasticsearch/analyst_password"
  fi
  if [ ! -s "$SECRETS/kibana/kibana.yml" ]; then
    ask DELETE /_security/service/elastic/kibana/credential/token/talentwatch || true
    must POST /_security/service/elastic/kibana/credential/token/talentwatch
    kibana "$(field value)" | put "$SECRETS/kibana/kibana.yml"
    say "made Kibana's token"
  fi
  owners
}

kibana() { # TOKEN
  cat <<YML
server.host: "0.0.0.0"
elasticsearch.hosts: ["$ES_URL"]
elasticsearch.serviceAccountToken: "$1"
elasticsearch.ssl.certificateAuthorities: ["${KIBANA_CA:-/run/kibana/ca.crt}"]
xpack.security.encryptionKey: "$(random)"
xpack.encryptedSavedObjects.encryptionKey: "$(random)"
xpack.reporting.encryptionKey: "$(random)"
telemetry.optIn: false
YML
}

case ${1:-} in
secrets) secrets ;;
keys) keys ;;
*) fail "what is wanted: secrets or keys?" "The head of this file explains." ;;
esac
