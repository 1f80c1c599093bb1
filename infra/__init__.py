"""The infrastructure of SMSKit, defined with the AWS CDK."""
