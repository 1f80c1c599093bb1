import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError } from "../../api/problems";
import { every, PACE, type Schemas, useSettings } from "../../api/queries";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { Loaded } from "../../parts/Loading";
import { toast } from "../../parts/toasts";
import { moment, phoneNumber } from "../../texts/formats";
import { instantOf, localTime } from "../../texts/localTime";
import { whenWrong } from "../send/WhenField";

type Detail = Schemas["MessageDetail"];

/** Why it waits, or where it went: the API's own sentence, as support reads it out. It is English in every language. */
export function Explained({ message: { jobId, status } }: { message: Detail }) {
  const explained = useQuery({
    queryKey: ["message", jobId, "explanation", status],
    queryFn: () => got(api().GET("/console/messages/{jobId}/explain", { params: { path: { jobId } } })),
    refetchInterval: status === "Pending" && every(PACE.overview),
  });
  return (
    <section class="gap">
      <h3>{t`In words`}</h3>
      <Loaded query={explained} rows={1}>
        {({ explanation }) => <p lang="en">{explanation}</p>}
      </Loaded>
    </section>
  );
}

/** What the form is opened by. */
export const toMove = () => t`Change the time`;

/** Another time for a message that is still to be sent. */
export function MoveForm({ message, onClose }: { message: Detail; onClose: () => void }) {
  const { data: settings } = useSettings();
  const zone = settings?.timeZone;
  const [text, write] = useState<string>();
  const [isTried, tryIt] = useState(false);
  const move = useMove(message);
  const shown = text ?? localTime(Date.parse(message.sendAt ?? message.createdAt), zone);
  const at = instantOf(shown, zone) ?? NaN;
  const wrong = whenWrong(at);
  function save() {
    tryIt(true);
    if (!wrong) move.mutate(at, { onSuccess: onClose });
  }
  return (
    <FormDialog title={toMove()} verb={t`Save`} isBusy={move.isPending} error={move.error} onSubmit={save} onClose={onClose}>
      <Field
        label={t`Time of sending`}
        hint={zone && t`In the account's time zone, ${zone}. Up to 30 days ahead.`}
        error={(isTried && wrong) || fieldError(move.error, "sendAt")}
      >
        {(tied) => <input {...tied} class="input" type="datetime-local" value={shown} onInput={(event) => write(event.currentTarget.value)} />}
      </Field>
    </FormDialog>
  );
}

/** The answer says when it goes out: quiet hours may hold it for longer. */
function useMove({ jobId, recipient }: Detail) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (sendAt: number) =>
      got(api().PATCH("/console/messages/{jobId}", { params: { path: { jobId } }, body: { sendAt: new Date(sendAt).toISOString() } })),
    onSuccess: (moved) => {
      const to = phoneNumber(recipient);
      const at = moment(moved.sendAt ?? moved.createdAt);
      toast({ text: t`The message to ${to} goes out ${at}` });
    },
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ["message", jobId] });
      await cache.invalidateQueries({ queryKey: ["messages"] });
    },
  });
}
