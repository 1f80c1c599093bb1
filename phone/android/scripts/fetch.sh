#!/bin/bash
# Fetches what the build needs, by name, and holds every file of it against maven.lock before any of it is used.
# `fetch.sh --write-lock` writes the lock anew after a version was changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need javac mvn

digests() { (cd "$REPOSITORY" && find . -type f \( -name '*.jar' -o -name '*.pom' -o -name '*.signature' \) -print0 | sort -z | xargs -0 sha256sum); }

fetch() {
  local pom name
  for pom in pom.xml tools.xml; do maven -f $pom "$FETCH:resolve" "$FETCH:resolve-plugins" > /dev/null; done
  for name in "${TEST_SDKS[@]}"; do
    maven "$FETCH:get" -Dartifact="org.robolectric:android-all-instrumented:$name" -Dtransitive=false
  done
}

mkdir -p "$REPOSITORY"
stamp=$REPOSITORY/.verified
wanted=$({ cat pom.xml tools.xml scripts/common.sh; cat maven.lock 2> /dev/null || true; } | sha256sum)
if [[ ${1:-} != --write-lock && -f $stamp && $(cat "$stamp") == "$wanted" ]]; then exit 0; fi

fetch || fail "Maven Central can't be reached, or a file of it is damaged"
if [[ ${1:-} == --write-lock ]]; then
  digests > maven.lock
  say "maven.lock: $(wc -l < maven.lock) files"
  exit 0
fi
digests > "$REPOSITORY/.digests"
if ! difference=$(diff maven.lock "$REPOSITORY/.digests"); then
  grep '^[<>]' <<< "$difference" | head -20 >&2
  fail "what Maven fetched into $REPOSITORY isn't what maven.lock says (<: locked, >: there)"
fi
echo "$wanted" > "$stamp"
say "$(wc -l < maven.lock) files fetched, each as maven.lock has it"
