#!/bin/bash
# Signs an aligned APK: sign.sh debug|release IN OUT. No key is ever in the repository: the debug key is made on first use,
# the release key comes as SMSKIT_KEYSTORE, SMSKIT_KEYSTORE_PASSWORD and SMSKIT_KEY_ALIAS.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
flavour=$1 aligned=$2 apk=$3
if [[ $flavour == release ]]; then
  for name in SMSKIT_KEYSTORE SMSKIT_KEYSTORE_PASSWORD SMSKIT_KEY_ALIAS; do [[ -n ${!name:-} ]] || fail "$name isn't set: a release needs its key"; done
else
  SMSKIT_KEYSTORE=${XDG_DATA_HOME:-$HOME/.local/share}/smskit/android-debug.p12
  export SMSKIT_KEYSTORE_PASSWORD=smskit-debug SMSKIT_KEY_ALIAS=debug
  if [[ ! -f $SMSKIT_KEYSTORE ]]; then
    mkdir -p "$(dirname "$SMSKIT_KEYSTORE")"
    keytool -genkeypair -keystore "$SMSKIT_KEYSTORE" -storetype PKCS12 -storepass:env SMSKIT_KEYSTORE_PASSWORD -alias $SMSKIT_KEY_ALIAS \
      -keyalg RSA -keysize 3072 -sigalg SHA256withRSA -validity 10950 -dname "CN=SMSKit debug" 2> /dev/null
    chmod 600 "$SMSKIT_KEYSTORE"
  fi
fi
# RSA signs the same bytes with the same bytes; an EC key wouldn't.
keytool -list -v -keystore "$SMSKIT_KEYSTORE" -storepass:env SMSKIT_KEYSTORE_PASSWORD -alias "$SMSKIT_KEY_ALIAS" 2> /dev/null | grep -q 'RSA key' \
  || fail "the key $SMSKIT_KEY_ALIAS isn't an RSA key"
apksigner sign --ks "$SMSKIT_KEYSTORE" --ks-pass env:SMSKIT_KEYSTORE_PASSWORD --ks-key-alias "$SMSKIT_KEY_ALIAS" --min-sdk-version $MIN_SDK \
  --v1-signing-enabled false --v2-signing-enabled true --v3-signing-enabled true --v4-signing-enabled false --out "$apk" "$aligned"
