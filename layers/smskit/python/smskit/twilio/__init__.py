"""twilio: the messaging API in Twilio's shape, over the same jobs and webhooks."""
