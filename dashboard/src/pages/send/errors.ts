import { t } from "@lingui/core/macro";
import { fieldError, Problem } from "../../api/problems";
import { refusal } from "../../parts/refusals";
import { count } from "../../texts/formats";
import { MOST_CHARACTERS } from "../../texts/segments";
import { namesOf, valueOf } from "../../texts/variables";
import { type Errors, type Fields, wordsOf } from "./fields";
import type { Preview } from "./preview";
import { whenWrong } from "./WhenField";

/** What can be seen to be missing before anybody is asked. */
export function missingOf(fields: Fields, preview: Preview | undefined): Errors {
  const { to, template, values, at } = fields;
  const text = wordsOf(fields);
  const empty = template ? namesOf(template.message).filter((name) => !valueOf(values, name)) : [];
  const most = count(MOST_CHARACTERS);
  const when = whenWrong(at);
  return {
    ...(!to.trim() && { to: t`Write the number that it goes to` }),
    ...(preview?.recipient?.optedOut && { to: t`This number has opted out. Nothing can be sent to it.` }),
    ...(!text.trim() && { text: t`Write the message` }),
    ...([...text].length > MOST_CHARACTERS && { text: t`A message has at most ${most} characters` }),
    ...(empty.length > 0 && { values: Object.fromEntries(empty.map((name) => [name, t`Write what stands here`])) }),
    ...(when && { at: when }),
  };
}

/** What the API refused, at the field that it is about. */
export function refusedOf(error: unknown): Errors {
  if (!(error instanceof Problem)) return {};
  const of = (name: string) => fieldError(error, name);
  const about = { "recipient-opted-out": "to", "no-eligible-device": "by", "foreign-device": "by", "unknown-template": "template" }[error.kind];
  const named: Errors = {
    to: of("recipient"),
    text: of("message"),
    priority: of("priority"),
    at: of("sendAt"),
    by: of("devices"),
    validity: of("validitySeconds"),
    reference: of("clientReference"),
    values: valueErrors(error),
    ...(about && { [about]: refusal(error) }),
  };
  return Object.fromEntries(Object.entries(named).filter(([, said]) => said)) as Errors;
}

/** What the API says of values, by their variables. */
function valueErrors(error: Problem): Errors["values"] {
  const found = (error.body.errors ?? []).flatMap(({ pointer }) => /^#\/variables\/(.+)$/.exec(pointer)?.[1] ?? []);
  return found.length ? Object.fromEntries(found.map((name) => [name, fieldError(error, `variables/${name}`) ?? ""])) : undefined;
}
