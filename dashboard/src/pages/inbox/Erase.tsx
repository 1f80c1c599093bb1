import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { Confirm } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { toast } from "../../parts/toasts";
import { phoneNumber } from "../../texts/formats";

/** Erases all messages so far to and from a number, for good. */
export function Erase({ number, onClose }: { number: string; onClose: () => void }) {
  const shown = phoneNumber(number);
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => got(api().POST("/console/erasures", { body: { number } })),
    onSuccess: () => {
      toast({ text: t`The messages of ${shown} are being erased` });
      void queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Confirm title={t`Erase the messages of ${shown}?`} verb={t`Erase the messages`} isBusy={erase.isPending} onConfirm={() => erase.mutate()} onClose={onClose}>
      <ul class="bullets">
        <li>{t`All messages so far to and from this number are erased for good.`}</li>
        <li>{t`Those that wait are withdrawn first; what a phone holds is erased once it has ended.`}</li>
        <li>{t`If the number has opted out, it stays so.`}</li>
      </ul>
      {erase.error && <Failure error={erase.error} />}
    </Confirm>
  );
}
