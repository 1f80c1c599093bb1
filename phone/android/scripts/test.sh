#!/bin/bash
# Compiles, holds every call against API level 26, and runs the tests on Robolectric: test.sh [-Dtest=…].
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need javac mvn unzip
scripts/fetch.sh
rm -rf $OUT
scripts/resources.sh debug
say "resources linked"
maven --offline test "$@"
count "API level 26 held"
