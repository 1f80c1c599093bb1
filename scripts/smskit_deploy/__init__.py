"""Deploys SMSKit to an AWS account, and takes it away again."""
