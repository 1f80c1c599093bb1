import { plural, t } from "@lingui/core/macro";
import { useMemo } from "preact/hooks";
import { phoneNumber } from "../../texts/formats";
import { measure } from "../../texts/segments";
import { namesOf } from "../../texts/variables";
import { type Fields } from "../send/fields";
import { messageTo, missingIn, textOf } from "./request";
import type { Row } from "./rows";

const SHOWN = 3;

/** What the first recipients see, and what all of it takes. */
export function FirstMessages({ rows, fields }: { rows: Row[]; fields: Fields }) {
  const text = textOf(fields);
  const segments = useSegments(rows, fields);
  const names = namesOf(text);
  const lacking = rows.filter((row) => missingIn(row, names).length > 0).length;
  const rest = rows.length - SHOWN;
  return (
    <section class="card" aria-labelledby="first">
      <header>
        <h2 id="first">{t`The first messages`}</h2>
        <span class="faint small push">{text && rows.length > 0 && plural(segments, { one: "# segment in all", other: "# segments in all" })}</span>
      </header>
      <div class="screen">
        {text.trim() && rows.length ? (
          rows.slice(0, SHOWN).map((row) => (
            <div key={row.line} class="to-one">
              <span class="faint meta num">{phoneNumber(row.recipient)}</span>
              <p>
                <bdi>{messageTo(row, fields)}</bdi>
              </p>
            </div>
          ))
        ) : (
          <span class="faint small">{t`What the first recipients see shows here.`}</span>
        )}
        {text.trim() && rest > 0 && <span class="faint meta">{plural(rest, { one: "and # more", other: "and # more" })}</span>}
      </div>
      {text && lacking > 0 && (
        <footer>
          <span class="out">
            {plural(lacking, { one: "# row has no value for a variable. It is refused.", other: "# rows have no value for a variable. They are refused." })}
          </span>
        </footer>
      )}
    </section>
  );
}

/** Segments of all messages together. */
export function useSegments(rows: Row[], fields: Fields): number {
  const text = textOf(fields);
  return useMemo(() => rows.reduce((sum, row) => sum + measure(messageTo(row, fields)).parts.length, 0), [rows, text]);
}
