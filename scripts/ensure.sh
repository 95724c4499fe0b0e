# Sourced by scripts/moebi and scripts/test, with $root set to the repository's folder. What is there is only looked at:
# the way from a command to its program must stay short.

node=$root/node_modules/.bin/node
# A copy of the lockfile that node_modules was installed from.
installed_lockfile=$root/node_modules/.installed-lockfile

# Whether node_modules is what package-lock.json asks for. npm writes its own .package-lock.json when it is done; without
# our copy beside it, somebody ran npm by hand, and is believed.
installed() {
  [ -f "$root/node_modules/.package-lock.json" ] && [ -x "$node" ] || return 1
  [ -f "$installed_lockfile" ] || cp "$root/package-lock.json" "$installed_lockfile"
  cmp -s "$root/package-lock.json" "$installed_lockfile"
}

# Whether dist holds the sources as they are now.
built() {
  [ -f "$root/dist/.built" ] || return 1
  [ -z "$(find "$root/src" "$root/package.json" "$root/package-lock.json" "$root"/scripts/*.ts -newer "$root/dist/.built" -print 2>/dev/null | head -n 1)" ]
}

# npm, quietly: what it says is shown only if it fails. It runs without the terminal, which belongs to what comes after.
quietly() {
  log=$(mktemp "${TMPDIR:-/tmp}/moebi-npm.XXXXXX")
  if (cd "$root" && "$@") </dev/null >"$log" 2>&1; then
    rm -f "$log"
  else
    status=$?
    cat "$log" >&2
    rm -f "$log"
    echo "moebi: '$*' failed in $root" >&2
    return "$status"
  fi
}

# Two terminals opened at once in a fresh clone must not both install. Runs its arguments once nobody else is at it; a
# lock whose owner is gone is taken over.
exclusively() {
  lock=$root/.ensure.lock
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null) || owner=
    if [ -n "$owner" ]; then
      if ! kill -0 "$owner" 2>/dev/null; then rm -rf "$lock"; else sleep 0.2; fi
    elif [ -n "$(find "$lock" -prune -mmin +1 2>/dev/null)" ]; then
      # Killed before it could say who it was.
      rm -rf "$lock"
    else
      sleep 0.2
    fi
  done
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  echo $$ >"$lock/pid"
  "$@" || exit
  rm -rf "$lock"
  trap - EXIT INT TERM HUP
}

# node-pty is left out: it may need a compiler, and only tests that drive a terminal want it.
install_dependencies() {
  installed && return
  echo "moebi: installing dependencies (this once)" >&2
  quietly npm ci --ignore-scripts && quietly npm rebuild node esbuild && cp "$root/package-lock.json" "$installed_lockfile"
}

build_javascript() {
  built && return
  "$node" "$root/scripts/build.ts" --js >&2
}

ensure_installed() {
  installed || exclusively install_dependencies
}

ensure_built() {
  built || exclusively build_javascript
}

# For tests that drive a terminal. It has prebuilt programs for some systems only, and is compiled on the others.
ensure_node_pty() {
  "$node" -e 'require("node-pty")' 2>/dev/null || exclusively quietly npm rebuild node-pty
}
