import { t } from "@lingui/core/macro";
import { useId } from "preact/hooks";
import type { FieldProps } from "./SendForm";

const HIGHEST = 10;

/** What waits before what: by name, or as the API has it. */
export function PriorityField({ fields, error, onChange }: FieldProps) {
  const id = useId();
  const { priority, isExact } = fields;
  const names: [number, string][] = [
    [0, t`Normal`],
    [5, t`Soon`],
    [9, t`Urgent`],
  ];
  return (
    <div class="field" role="radiogroup" aria-labelledby={id} aria-describedby={`${id}-hint`}>
      <span class="label" id={id}>{t`Priority`}</span>
      <div class="row levels">
        <div class="seg fit">
          {names.map(([level, name]) => (
            <Level key={level} group={id} name={name} isOn={!isExact && priority === level} onChoose={() => onChange({ priority: level, isExact: false })} />
          ))}
          <Level group={id} name="0–10" isOn={isExact} onChoose={() => onChange({ isExact: true })} />
        </div>
        {isExact && (
          <input
            class="input exact"
            type="number"
            min={0}
            max={HIGHEST}
            step={1}
            aria-label={t`Priority from 0 to 10`}
            aria-invalid={error !== undefined}
            value={priority}
            onInput={(event) => onChange({ priority: within(event.currentTarget.valueAsNumber) })}
          />
        )}
      </div>
      <p class={error ? "hint bad" : "hint"} id={`${id}-hint`}>
        {error ?? t`Soon goes before normal messages that wait. Urgent, for codes, before all.`}
      </p>
    </div>
  );
}

function Level({ group, name, isOn, onChoose }: { group: string; name: string; isOn: boolean; onChoose: () => void }) {
  return (
    <label class={isOn ? "level on" : "level"}>
      <input class="sr" type="radio" name={group} checked={isOn} onChange={onChoose} />
      <span>{name}</span>
    </label>
  );
}

function within(level: number): number {
  return Number.isFinite(level) ? Math.min(HIGHEST, Math.max(0, Math.round(level))) : 0;
}
