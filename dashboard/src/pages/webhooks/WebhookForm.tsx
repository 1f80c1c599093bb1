import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { type EventName, eventNames } from "./webhooks";
import "../../styles/webhooks.css";

export interface Wanted {
  url: string;
  events: EventName[];
}

/** Where events go, and which. */
export function WebhookForm({
  title,
  verb,
  start,
  isBusy,
  error,
  onSave,
  onClose,
}: {
  title: string;
  verb: string;
  start: Wanted;
  isBusy: boolean;
  error: unknown;
  onSave: (wanted: Wanted) => void;
  onClose: () => void;
}) {
  const [url, write] = useState(start.url);
  const [events, choose] = useState(start.events);
  const [isTried, tryIt] = useState(false);
  const urlError = (isTried ? wrongUrl(url) : undefined) ?? fieldError(error, "url");
  const eventsError = isTried && !events.length ? t`Choose one event at least.` : fieldError(error, "events");
  function save() {
    tryIt(true);
    if (!wrongUrl(url) && events.length) onSave({ url: url.trim(), events });
  }
  return (
    <FormDialog title={title} verb={verb} isBusy={isBusy} error={error} onSubmit={save} onClose={onClose}>
      <Field label="URL" hint={t`Where events are POSTed to: https, a public host.`} error={urlError}>
        {(attributes) => (
          <input
            {...attributes}
            class="input mono"
            type="url"
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            maxLength={2048}
            placeholder="https://yourapp.com/hooks/smskit"
            value={url}
            onInput={(event) => write(event.currentTarget.value)}
          />
        )}
      </Field>
      <Events chosen={events} error={eventsError} onChange={choose} />
    </FormDialog>
  );
}

function Events({ chosen, error, onChange }: { chosen: EventName[]; error?: string; onChange: (events: EventName[]) => void }) {
  return (
    <fieldset class="events" aria-describedby={error ? "events-hint" : undefined}>
      <legend class="label">{t`Events`}</legend>
      {eventNames().map(([name, says]) => (
        <label key={name} class="check">
          <input
            type="checkbox"
            class="tick"
            checked={chosen.includes(name)}
            onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((one) => one !== name))}
          />
          <span>
            <span class="mono">{name}</span>
            <span class="soft small">{says}</span>
          </span>
        </label>
      ))}
      {error && (
        <p class="hint bad" id="events-hint" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** What isn't a URL at all; which ones may be used the API knows. */
function wrongUrl(text: string): string | undefined {
  return URL.canParse(text.trim()) ? undefined : t`Write a whole URL, such as https://yourapp.com/hooks/smskit.`;
}
