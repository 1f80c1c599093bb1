import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError } from "../../api/problems";
import { useMe } from "../../api/queries";
import { Field } from "../../parts/controls";
import { toast } from "../../parts/toasts";
import { useDraft } from "./draft";
import { Section } from "./Section";

const LONGEST = 100;

/** What the account is called. */
export function Name({ canChange }: { canChange: boolean }) {
  const { data: me } = useMe();
  const draft = useDraft({ name: me?.accountName ?? "" });
  const rename = useRename(draft.reset);
  const [isTried, tryIt] = useState(false);
  const name = draft.value.name.trim();
  return (
    <Section
      title={t`Account`}
      canChange={canChange}
      values={[
        [t`Name`, <bdi>{me?.accountName}</bdi>],
        [t`Id`, <span class="mono">{me?.accountId}</span>],
      ]}
      draft={draft}
      save={rename}
      onSave={() => {
        tryIt(true);
        if (name) rename.mutate(name);
      }}
    >
      <Field
        label={t`Name of the account`}
        hint={t`All of its people see it.`}
        error={isTried && !name ? t`An account has a name` : fieldError(rename.error, "name")}
      >
        {(tied) => (
          <input
            {...tied}
            class="input"
            maxLength={LONGEST}
            autocomplete="off"
            dir="auto"
            value={draft.value.name}
            onInput={(event) => draft.change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <p class="hint">
        {t`Account id`} <span class="mono">{me?.accountId}</span>
      </p>
    </Section>
  );
}

function useRename(done: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => got(api().PATCH("/console/account", { body: { name } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["me"] });
      done();
      toast({ text: t`Saved` });
    },
  });
}
