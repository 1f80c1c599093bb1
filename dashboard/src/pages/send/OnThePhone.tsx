import { plural, t } from "@lingui/core/macro";
import { Fragment } from "preact";
import { measure } from "../../texts/segments";

/** What the recipient sees, with a mark where the network cuts it. */
export function OnThePhone({ text }: { text: string }) {
  const { parts } = measure(text);
  const segments = parts.length;
  const cuts = segments - 1;
  return (
    <section class="card" aria-labelledby="on-phone">
      <header>
        <h2 id="on-phone">{t`On the phone`}</h2>
        <span class="faint small push">
          {text && plural(segments, { one: "1 message, sent in # part", other: "1 message, sent in # parts" })}
        </span>
      </header>
      <div class="screen">
        {text.trim() ? (
          <p>
            <bdi>
              {parts.map((part, at) => (
                <Fragment key={at}>
                  {at > 0 && <span class="joint" aria-hidden="true" />}
                  {part}
                </Fragment>
              ))}
            </bdi>
          </p>
        ) : (
          <span class="faint small">{t`What you write shows here as the recipient sees it.`}</span>
        )}
        {cuts > 0 && (
          <span class="faint meta">
            {plural(cuts, {
              one: "The mark shows where the network cuts it. The recipient sees one text.",
              other: "The marks show where the network cuts it. The recipient sees one text.",
            })}
          </span>
        )}
      </div>
    </section>
  );
}
