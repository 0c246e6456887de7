#!/bin/sh
# Builds docker/Dockerfile as it is, without a container engine, and tries the image (docker/try.sh). All below
# build/image. Called by ./dev image.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "image: run this as root: it makes file systems and a network for containers" >&2; exit 2; }
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

echo "==> trying it"
container=$(image from --pull-never mailassay)
trap 'image rm "$container" >/dev/null 2>&1 || true' EXIT
# A network of its own, where nothing else holds port 25.
unshare --net sh docker/try.sh "$store" "$container"
echo "==> build/image holds the image mailassay"
