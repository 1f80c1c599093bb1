import { plural, t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Confirm } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { type Detail, useCancel, waitingOf } from "./batches";

/** Withdraws what no phone has taken; nothing where there is no such message, or for a viewer. */
export function CancelBatch({ batch }: { batch: Detail }) {
  const [isAsked, ask] = useState(false);
  const may = useMay("operator");
  const isOff = useOff();
  const cancel = useCancel(batch.batchId);
  const waiting = waitingOf(batch.counts);
  if (!isAsked && (!may || !waiting || batch.cancelledAt)) return null;

  function act() {
    cancel.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`What no phone has taken is being withdrawn` });
        ask(false);
      },
    });
  }
  return (
    <>
      <button type="button" class="btn danger" disabled={isOff} onClick={() => ask(true)}>
        {t`Cancel the batch`}
      </button>
      {isAsked && (
        <Confirm title={t`Cancel the batch?`} verb={t`Cancel the batch`} isBusy={cancel.isPending || isOff} onConfirm={act} onClose={() => ask(false)}>
          <ul class="bullets soft">
            <li>{plural(waiting, { one: "About # message that no phone has taken is withdrawn.", other: "About # messages that no phone has taken are withdrawn." })}</li>
            <li>{t`What a phone has goes out all the same.`}</li>
          </ul>
          {cancel.isError && <Failure error={cancel.error} />}
        </Confirm>
      )}
    </>
  );
}
