"""Routes, requests, answers and errors as Twilio's packages know them."""
