#!/bin/sh
# Tries the image in a network of its own: it serves without root on port 25, says that its page is open, judges a
# mail, keeps it in its volume, and ends on SIGTERM. Called by image.sh with buildah's store and a container.
set -eu
store=$1 container=$2
page=http://127.0.0.1:8080
image() { buildah --storage-driver vfs --root "$store/root" --runroot "$store/run" "$@"; }
config() { image inspect --type container --format "{{$1}}" "$container"; }
fail() { echo "image: $1" >&2; cat "$store/server.log" >&2; exit 1; }

user=$(image run --isolation chroot "$container" id -u)
volume=$(config 'range $path, $_ := .Docker.Config.Volumes}}{{$path}}{{end')
# Docker's form of a command line: the word CMD-SHELL, then the command.
health=$(config 'index .Docker.Config.Healthcheck.Test 1')
[ "$volume" = /var/lib/mailassay ] || fail "the volume is '$volume'"
data=$(mktemp -d "$store/volume.XXXXXX")
chown "$user" "$data"
chmod 700 "$data"
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null; rm -rf "$data"' EXIT

# What a container engine does with the entry point and the volume. Of the capabilities that engines give by default it
# needs one alone. ("--cap-drop all" would take that too, whatever is added.)
dropped="CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
in_container() { image run --isolation chroot $(printf -- ' --cap-drop CAP_%s' $dropped) -v "$data:$volume" "$container" "$@"; }
is_healthy() { in_container sh -c "$health" >/dev/null 2>&1; }

# The process of that name below process $1.
descendant() {
  for child in $(ps -o pid= --ppid "$1"); do
    if [ "$(ps -o comm= -p "$child")" = mailassay ]; then echo "$child"; else descendant "$child"; fi
  done
}

start() {
  in_container /usr/local/bin/mailassay serve >"$store/server.log" 2>&1 &
  runner=$!
  for attempt in $(seq 100); do
    curl -fsS "$page/healthz" >/dev/null 2>&1 && break
    sleep 0.1
  done
  server=$(descendant $runner)
  [ -n "$server" ] || fail "the server does not run"
}

stop() {
  begun=$(date +%s)
  kill -TERM "$server"
  wait $runner || fail "the server ended with $?"
  took=$(($(date +%s) - begun))
  [ $took -lt 10 ] || fail "the server took $took s to end"
  server=
}

ip link set lo up
! is_healthy || fail "the health check passes without a server"
start
[ "$(ps -o uid= -p "$server" | tr -d ' ')" = "$user" ] && [ "$user" != 0 ] || fail "the server runs as root"
grep -q "http.access_key" "$store/server.log" || fail "nothing is said of a page that is open on every address"
is_healthy || fail "the health check fails"
echo "serves as uid $user; the health check passes; the log says that the page is open"

answer=$(curl -fsS -X POST "$page/api/v1/inboxes")
address=$(printf %s "$answer" | sed 's/.*"address":"\([^"]*\)".*/\1/')
token=$(printf %s "$answer" | sed 's/.*"token":"\([^"]*\)".*/\1/')
swaks --server 127.0.0.1:25 --from you@example.com --to "$address" --tls --hide-all
report=$(curl -fsS "$page/api/v1/inboxes/$token/wait?timeout=30")
case $report in *'"version":"TLSv1.3"'*'"dmarc":{"result":'*) ;; *) fail "no report: $report" ;; esac
echo "judged a mail that came to port 25 over TLS 1.3"
stop
echo "ended on SIGTERM within ${took:-0} s"

start
case $(curl -fsS "$page/api/v1/inboxes/$token") in *'"state":"judged"'*) ;; *) fail "the volume did not keep the mail" ;; esac
stop
echo "the volume kept the mail"
