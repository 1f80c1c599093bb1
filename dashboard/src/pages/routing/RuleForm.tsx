import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Field } from "../../parts/controls";
import { EntryList } from "../../parts/EntryList";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { read } from "./prefixes";
import { MOST_PREFIXES, type RoutedSim, type Rule, simOf, useKeep } from "./rules";
import { SimOrder } from "./SimOrder";

const LONGEST_NAME = 40;

/** A new rule, or one that is changed, beside the `others`. */
export function RuleForm({ rule, others, onClose }: { rule?: Rule; others: Rule[]; onClose: () => void }) {
  const [name, call] = useState(rule?.name ?? "");
  const [prefixes, set] = useState(rule?.prefixes ?? []);
  const [typed, type] = useState("");
  const [sims, order] = useState<RoutedSim[]>(rule?.sims ?? []);
  const [picked, pick] = useState("");
  const [fallback, fall] = useState<Rule["fallback"]>(rule?.fallback ?? "any");
  const [isTried, tryIt] = useState(false);
  const [refused, refuse] = useState<string | undefined>();
  const keep = useKeep(rule?.name);
  const errors = {
    name: (isTried ? nameWrong(name, others) : undefined) ?? keep.errorOf("name"),
    prefixes: refused ?? (isTried ? prefixesWrong(prefixes, others) : undefined) ?? keep.errorOf("prefixes"),
    sims: (isTried && !sims.length ? t`Choose one SIM at least` : undefined) ?? keep.errorOf("sims"),
  };

  /** Adds what is written; what is no prefix stays there, with the reason. */
  function add() {
    const found = read(typed);
    const all = [...new Set([...prefixes, ...found.prefixes])];
    set(all);
    type(found.rest);
    refuse(found.rest ? t`Write it with the country code, such as +25471` : undefined);
    return { all, isClean: !found.rest };
  }

  function save() {
    tryIt(true);
    const { all, isClean } = add();
    const ordered = picked ? [...sims, simOf(picked)] : sims;
    order(ordered);
    pick("");
    if (!isClean || nameWrong(name, others) || prefixesWrong(all, others) || !ordered.length) return;
    keep.mutate(
      { name: name.trim(), prefixes: all, sims: ordered, fallback },
      {
        onSuccess: () => {
          const said = name.trim();
          toast({ text: rule ? t`${said} is changed` : t`${said} is added` });
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title={rule ? t`Change the rule` : t`Add a rule`}
      verb={rule ? t`Save` : t`Add the rule`}
      isBusy={keep.isPending}
      error={keep.error}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t`Name`} hint={t`What you and your team call it, such as Safaricom.`} error={errors.name}>
        {(tied) => <input {...tied} class="input" autocomplete="off" maxLength={LONGEST_NAME} value={name} onInput={(event) => call(event.currentTarget.value)} />}
      </Field>
      <EntryList
        label={t`Numbers that begin with`}
        hint={t`With the country code, such as +25471. Of all rules the longest that fits a number decides.`}
        error={errors.prefixes}
        entries={prefixes}
        typed={typed}
        onType={(text) => {
          type(text);
          refuse(undefined);
        }}
        onAdd={add}
        onRemove={(prefix) => set(prefixes.filter((one) => one !== prefix))}
        input={{ inputMode: "tel", spellcheck: false }}
      />
      <SimOrder sims={sims} picked={picked} error={errors.sims} onPick={pick} onChange={order} />
      <fieldset class="choices fallback">
        <legend class="label">{t`While none of them is free`}</legend>
        <Choice
          isOn={fallback === "any"}
          label={t`Any other SIM sends the message`}
          hint={t`It goes out soon, perhaps for more.`}
          onChoose={() => fall("any")}
        />
        <Choice
          isOn={fallback === "wait"}
          label={t`The message waits for one of them`}
          hint={t`Also while their phones are offline. If none comes in the time that a message may wait, it is given up.`}
          onChoose={() => fall("wait")}
        />
      </fieldset>
    </FormDialog>
  );
}

function Choice({ isOn, label, hint, onChoose }: { isOn: boolean; label: string; hint: string; onChoose: () => void }) {
  return (
    <label class="check">
      <input type="radio" class="tick" name="fallback" checked={isOn} onChange={onChoose} />
      <span>
        {label}
        <span class="hint">{hint}</span>
      </span>
    </label>
  );
}

function nameWrong(name: string, others: Rule[]): string | undefined {
  const wanted = name.trim().toLowerCase();
  if (!wanted) return t`Give it a name`;
  return others.some((other) => other.name.toLowerCase() === wanted) ? t`Another rule has this name` : undefined;
}

function prefixesWrong(prefixes: string[], others: Rule[]): string | undefined {
  if (!prefixes.length) return t`Write one beginning of numbers at least`;
  if (prefixes.length > MOST_PREFIXES) return t`A rule has at most ${MOST_PREFIXES} of them`;
  for (const other of others) {
    const prefix = prefixes.find((one) => other.prefixes.includes(one));
    const owner = other.name;
    if (prefix) return t`${prefix} stands in the rule “${owner}” already`;
  }
  return undefined;
}
