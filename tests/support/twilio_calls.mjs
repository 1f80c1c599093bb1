// Uses the npm package `twilio` as programs do; nothing but the base address is another one.
// Reads {base, sid, key, to, callback} or {token, url, calls} as JSON, and writes what came of it as JSON.
import { readFileSync } from "node:fs";
import twilio from "twilio";

const given = JSON.parse(readFileSync(0, "utf8"));

const failure = async (work) => {
  try {
    await work;
  } catch ({ status, code }) {
    return { status, code };
  }
  return null;
};

async function talk({ base, sid, key, to, callback }) {
  const client = twilio(sid, key);
  client.api.baseUrl = base;
  const sent = await client.messages.create({ to, body: "Your code is 123456", statusCallback: callback });
  const later = await client.messages.create({
    to, body: "Later", scheduleType: "fixed", sendAt: new Date(Date.now() + 3_600_000), messagingServiceSid: "MG" + "0".repeat(32),
  });
  const cancelled = await client.messages(later.sid).update({ status: "canceled" });
  const redacted = await client.messages(later.sid).update({ body: "" });
  const listed = await client.messages.list({ pageSize: 1, to, dateSentAfter: new Date(Date.now() - 3_600_000) });
  const stranger = twilio(sid, key.slice(0, -1) + (key.endsWith("0") ? "1" : "0"));
  stranger.api.baseUrl = base;
  return {
    sent: sent.sid,
    status: (await client.messages(sent.sid).fetch()).status,
    scheduled: later.status,
    cancelled: cancelled.status,
    redacted: redacted.body,
    listed: listed.map((message) => message.sid),
    later: later.sid,
    removed: await client.messages(later.sid).remove(),
    gone: await failure(client.messages(later.sid).fetch()),
    stranger: await failure(stranger.messages.list()),
    wrong: await failure(client.messages.create({ to: "MPESA", body: "x" })),
  };
}

const validate = ({ token, calls }) =>
  calls.map(({ url, signature, form }) => twilio.validateRequest(token, signature, url, form));

process.stdout.write(JSON.stringify(given.calls ? validate(given) : await talk(given)));
