#!/bin/bash
# Builds, tests, signs and checks the app: build.sh [debug|release]. Builds it twice, and fails if the bytes differ; then
# tests what is in it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
flavour=${1:-debug}
need javac java keytool mvn zipalign apksigner dexdump enjarify zip unzip
scripts/test.sh
mkdir -p $OUT/apk
apk=$OUT/apk/smskit-phone-$VERSION-$flavour.apk
scripts/assemble.sh "$flavour" "$apk"
say "assembled"
scripts/compile_again.sh
scripts/assemble.sh "$flavour" $OUT/again.apk
cmp "$apk" $OUT/again.apk || fail "two builds of the same sources differ"
say "built twice: the same bytes"
scripts/verify.sh "$apk"
scripts/test_dex.sh "$apk"
