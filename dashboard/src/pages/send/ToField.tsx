import { t } from "@lingui/core/macro";
import { useId, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { useSettings } from "../../api/queries";
import { countryName } from "../../texts/countryName";
import { phoneNumber } from "../../texts/formats";
import type { Preview } from "./preview";
import type { FieldProps } from "./SendForm";

const KENYA = "KE";

/** The recipient, however it is written; below it how the network has it, and whether it receives. */
export function ToField({ fields, preview, error, onChange }: FieldProps) {
  const id = useId();
  const [isDone, done] = useState(false);
  const isWrong = isDone && fields.to.trim() !== "" && preview?.recipientProblem !== undefined;
  const { data: settings } = useSettings();
  const own = settings?.country;
  const wrong = error ?? (isWrong ? whatIsWrong(fields.to, own) : undefined);
  return (
    <div class="field">
      <label for={id}>{t`To`}</label>
      <input
        id={id}
        class="input"
        type="tel"
        autocomplete="off"
        placeholder={own === KENYA ? "0712 345 678" : undefined}
        aria-describedby={`${id}-hint`}
        aria-invalid={wrong !== undefined}
        value={fields.to}
        onInput={(event) => {
          done(false);
          onChange({ to: event.currentTarget.value });
        }}
        onBlur={() => done(true)}
      />
      <div id={`${id}-hint`} aria-live="polite">
        {wrong ? (
          <p class="hint bad row tight">
            <Icon name="alert" />
            <span>{wrong}</span>
          </p>
        ) : (
          <Recipient own={own} recipient={fields.to.trim() ? preview?.recipient : undefined} />
        )}
      </div>
    </div>
  );
}

function Recipient({ own, recipient }: { own: string | undefined; recipient: Preview["recipient"] }) {
  if (!recipient) return <p class="hint">{own && howToWrite(countryName(own))}</p>;
  const number = phoneNumber(recipient.number);
  const country = recipient.country && countryName(recipient.country);
  const where = country ? `${number}, ${country}` : number;
  return (
    <p class={`hint row tight ${recipient.optedOut ? "bad" : "ok"}`}>
      <Icon name={recipient.optedOut ? "optout" : "okc"} />
      <span>{recipient.optedOut ? t`${where}. It has opted out, and gets no messages.` : t`${where}. It receives messages: not opted out.`}</span>
    </p>
  );
}

function howToWrite(own: string): string {
  return t`A number of ${own}, or one of another country with a + in front.`;
}

function noneOf(own: string): string {
  return t`This is no mobile number of ${own}.`;
}

/** `own`: the country whose numbers are written without a plus. */
function whatIsWrong(typed: string, own: string | undefined): string {
  if (typed.trim().startsWith("+")) return t`This is no mobile number of its country.`;
  if (typed.trim().startsWith("00")) return t`Write + in place of 00.`;
  if (own !== undefined && own !== KENYA) return noneOf(countryName(own));
  return t`A Kenyan mobile number has 9 digits after the 0.`;
}
