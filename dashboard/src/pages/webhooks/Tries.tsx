import { plural, t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { duration, exactMoment } from "../../texts/formats";
import type { Attempt, Delivery } from "./webhooks";
import { outcome } from "./words";

/** From so many tries on, those in the middle wait behind "… more". */
const MANY = 8;
const FIRST = 4;
const LAST = 2;

export function Tries({ delivery, again }: { delivery: Delivery; again: ComponentChildren }) {
  const { attempts } = delivery;
  const last = attempts.at(-1);
  const at = last ? exactMoment(last.at) : "";
  return (
    <div class="tries-in">
      <div>
        <h3>{heading(attempts)}</h3>
        {attempts.length > 0 ? <List attempts={attempts} /> : <p class="soft small">{t`The endpoint was suspended when it happened.`}</p>}
        <div class="again only-narrow">{again}</div>
      </div>
      <div>
        {last && (
          <>
            <h3>{t`Last answer, ${at}`}</h3>
            <pre class="code" tabIndex={0}>
              {answer(last)}
            </pre>
          </>
        )}
        <h3>{delivery.isBodyCut ? t`What is sent, its beginning` : t`What is sent`}</h3>
        <pre class="code" tabIndex={0}>
          {shown(delivery.body)}
        </pre>
      </div>
    </div>
  );
}

function heading(attempts: Attempt[]): string {
  const [first, last] = [attempts[0], attempts.at(-1)];
  const tries = attempts.length;
  if (!first || !last) return t`Not tried`;
  const lasted = Date.parse(last.at) - Date.parse(first.at);
  const over = duration(lasted);
  if (tries === 1) return t`1 try`;
  return plural(tries, { one: `# try over ${over}`, other: `# tries over ${over}` });
}

function List({ attempts }: { attempts: Attempt[] }) {
  const [isWhole, show] = useState(attempts.length < MANY);
  const hidden = attempts.length - FIRST - LAST;
  return (
    <table>
      <caption class="sr">{t`Tries`}</caption>
      <tbody>
        {(isWhole ? attempts : attempts.slice(0, FIRST)).map((attempt, at, all) => (
          <Try key={attempt.at} attempt={attempt} before={all[at - 1]} />
        ))}
        {!isWhole && (
          <tr>
            <td colSpan={3}>
              <button type="button" class="link small" onClick={() => show(true)}>
                {plural(hidden, { one: "# more", other: "# more" })}
              </button>
            </td>
          </tr>
        )}
        {!isWhole && attempts.slice(-LAST).map((attempt, at, all) => <Try key={attempt.at} attempt={attempt} before={all[at - 1]} />)}
      </tbody>
    </table>
  );
}

/** Its day stands only where it is another one than that of the try above it. */
function Try({ attempt, before }: { attempt: Attempt; before?: Attempt }) {
  const { status } = attempt;
  return (
    <tr>
      <td class="num">{exactMoment(attempt.at, before?.at)}</td>
      <td>{status === undefined ? <span class="http err">{t`none`}</span> : <span class={status < 300 ? "http good" : "http err"}>{status}</span>}</td>
      <td class="faint end">{duration(attempt.latencyMs)}</td>
    </tr>
  );
}

function answer(attempt: Attempt): string {
  const { status, response, error } = attempt;
  if (status === undefined) return error ? `${outcome(attempt)}\n\n${error}` : outcome(attempt);
  return [`HTTP ${status}`, error, response].filter(Boolean).join("\n\n");
}

/** JSON with its lines, where it is whole. */
function shown(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
