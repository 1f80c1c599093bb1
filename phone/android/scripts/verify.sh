#!/bin/bash
# Says what is in an APK, and fails if that isn't what is promised: verify.sh FILE.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
apk=$1
zipalign -c 4 "$apk" || fail "$apk isn't aligned"
signed=$(apksigner verify --verbose --min-sdk-version $MIN_SDK "$apk") || fail "the signature of $apk doesn't hold"
grep -E 'v[23] scheme.*true' <<< "$signed"
(($(grep -cE 'v[23] scheme.*true' <<< "$signed") == 2)) || fail "$apk needs signatures of scheme v2 and v3"

badging=$($OUT/tools/aapt2 dump badging "$apk")
grep -E '^(package|minSdkVersion|targetSdkVersion|launchable-activity)' <<< "$badging"
grep -q "name='dev.smskit.phone'" <<< "$badging" || fail "the package has another name"
grep -q "minSdkVersion:'$MIN_SDK'" <<< "$badging" && grep -q "targetSdkVersion:'$TARGET_SDK'" <<< "$badging" || fail "other SDK versions than promised"

unzip -oq "$apk" classes.dex -d $OUT/verify
dexdump -f -d $OUT/verify/classes.dex > $OUT/verify/classes.txt
grep -E '^(magic|class_defs_size|method_ids_size)' $OUT/verify/classes.txt
# Android 8.0 knows no record and no string made by the caller's bootstrap.
if grep -qE 'invoke-custom|Ljava/lang/Record;' $OUT/verify/classes.txt; then fail "the dex needs a newer Android than $MIN_SDK"; fi
for component in $(grep -oE 'android:name="\.[A-Za-z.]+"' src/main/AndroidManifest.xml | cut -d'"' -f2 | tr . /); do
  grep -q "Class descriptor  : 'Ldev/smskit/phone$component;'" $OUT/verify/classes.txt || fail "$component isn't in the dex"
done

size=$(stat -c %s "$apk")
((size < 3000000)) || fail "$apk has $size bytes: 3,000,000 are allowed"
say "$apk: $size bytes, sha256 $(sha256sum < "$apk" | cut -c1-16)…"
