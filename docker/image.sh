#!/bin/sh
# Builds docker/Dockerfile as it is, without a container engine, and tries the image: it serves without root on
# port 25, receives a mail and judges it, and ends on SIGTERM. All below build/image. Called by ./dev image.
set -eu
cd "$(dirname "$0")/.."
store=$PWD/build/image
mkdir -p "$store"
image() { buildah --storage-driver vfs --root "$store/root" --runroot "$store/run" "$@"; }
base=docker.io/library/debian:bookworm-slim

if ! image inspect --type image "$base" >/dev/null 2>&1; then
  echo "==> making the base image from Debian's packages"
  [ -f "$store/base.tar" ] || mmdebstrap --variant=minbase bookworm "$store/base.tar"
  container=$(image from scratch)
  image add -q "$container" "$store/base.tar" /
  image commit -q "$container" "$base"
  image rm "$container" >/dev/null
fi

echo "==> building mailassay"
# --format docker: HEALTHCHECK is dropped otherwise. chroot: no user namespaces or network set-up needed.
image bud --format docker --pull-never --isolation chroot --layers -f docker/Dockerfile -t mailassay .
image inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Healthcheck.Test}}' mailassay

echo "==> trying it"
container=$(image from --pull-never mailassay)
trap 'image rm "$container" >/dev/null 2>&1 || true' EXIT
# A network of its own, where nothing else holds port 25.
unshare --net sh -s "$store" "$container" <<'TRY'
  set -eu
  store=$1 container=$2
  image() { buildah --storage-driver vfs --root "$store/root" --runroot "$store/run" "$@"; }
  ip link set lo up
  image run --isolation chroot --cap-drop all --cap-add CAP_NET_BIND_SERVICE "$container" \
    /usr/local/bin/mailassay serve >"$store/server.log" 2>&1 &
  server=$!
  for attempt in $(seq 100); do curl -fsS http://127.0.0.1:8080/healthz >/dev/null 2>&1 && break; sleep 0.1; done
  uid=$(ps -o uid= -C mailassay | head -1 | tr -d ' ')
  [ "$uid" != 0 ] || { echo "the server runs as root"; exit 1; }
  echo "serving as uid $uid"
  answer=$(curl -fsS -X POST http://127.0.0.1:8080/api/v1/inboxes)
  address=$(printf %s "$answer" | sed 's/.*"address":"\([^"]*\)".*/\1/')
  token=$(printf %s "$answer" | sed 's/.*"token":"\([^"]*\)".*/\1/')
  swaks --server 127.0.0.1:25 --from you@example.com --to "$address" --tls --hide-all
  report=$(curl -fsS "http://127.0.0.1:8080/api/v1/inboxes/$token/wait?timeout=30")
  case $report in *'"version":"TLSv1.3"'*'"dmarc":{"result":'*) echo "judged: ${#report} octets of report, over TLS 1.3" ;;
    *) echo "no report: $report"; cat "$store/server.log"; exit 1 ;; esac
  kill -TERM "$(pgrep -o -x mailassay)"
  wait $server || { echo "the server ended with $?"; cat "$store/server.log"; exit 1; }
  echo "ended on SIGTERM"
TRY
echo "==> build/image holds the image mailassay"
