#!/bin/bash
# Compiles the sources once more into empty folders, without the tests.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rm -rf $OUT/classes $OUT/maven-status $OUT/resources $OUT/res*.zip $OUT/res*.apk
scripts/resources.sh debug
maven --offline compile
