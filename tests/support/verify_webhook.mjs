// Verifies deliveries with the npm package `standardwebhooks`, as a receiver in JavaScript would.
// Reads a JSON list of {secret, body, headers} and writes a JSON list of true and false.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const verified = JSON.parse(readFileSync(0, "utf8")).map(({ secret, body, headers }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
});
process.stdout.write(JSON.stringify(verified));
