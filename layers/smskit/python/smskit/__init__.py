"""SMSKit: a serverless SMS gateway over an account's own phones."""
