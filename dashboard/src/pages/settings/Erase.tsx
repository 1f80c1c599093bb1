import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError, Problem } from "../../api/problems";
import { Field } from "../../parts/controls";
import { Confirm } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { phoneNumber } from "../../texts/formats";

/** Erases all messages of one number, for who asks to be forgotten. It can't be undone, so it asks first. */
export function Erase() {
  const cache = useQueryClient();
  const [number, type] = useState("");
  const [isAsking, ask] = useState(false);
  const isOff = useOff();
  const erase = useMutation({
    mutationFn: () => got(api().POST("/console/erasures", { body: { number } })),
    onSuccess: async (queued) => {
      const named = phoneNumber(queued.number);
      type("");
      toast({ text: t`The messages of ${named} are being erased` });
      await cache.invalidateQueries();
    },
    onSettled: () => ask(false),
  });
  const isAtField = erase.error instanceof Problem && Boolean(erase.error.body.errors?.length);
  return (
    <form
      class="card section"
      aria-labelledby="erase"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (number.trim()) ask(true);
      }}
    >
      <header>
        <h2 id="erase">{t`Erase a number`}</h2>
      </header>
      <div class="fields">
        <Field
          label={t`Number`}
          hint={t`Its messages so far are erased for good, in both directions. An opt-out stays.`}
          error={fieldError(erase.error, "number")}
        >
          {(tied) => <input {...tied} class="input" type="tel" value={number} onInput={(event) => type(event.currentTarget.value)} />}
        </Field>
        {Boolean(erase.error) && !isAtField && <Failure error={erase.error} />}
      </div>
      <footer>
        <button type="submit" class="btn danger push" disabled={!number.trim() || isOff}>
          {t`Erase messages`}
        </button>
      </footer>
      {isAsking && (
        <Confirm
          title={t`Erase the messages of ${phoneNumber(number.trim())}?`}
          verb={t`Erase messages`}
          isBusy={erase.isPending}
          onConfirm={() => erase.mutate()}
          onClose={() => ask(false)}
        >
          <ul class="bullets">
            <li>{t`Messages that wait are withdrawn, and erased.`}</li>
            <li>{t`What a phone holds is erased once it has ended.`}</li>
            <li>{t`Nobody can bring them back.`}</li>
          </ul>
        </Confirm>
      )}
    </form>
  );
}
