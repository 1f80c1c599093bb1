"""The CDK application: two stacks for one environment, chosen with ``-c env=emulator|dev|prod``."""

import aws_cdk as cdk

from infra.application import build_application

app = cdk.App()
build_application(app)
app.synth()
