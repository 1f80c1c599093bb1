import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useEffect, useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Failure, Loaded } from "../../parts/Loading";
import { State } from "../../parts/State";
import { phoneNumber } from "../../texts/formats";
import { Progress, useFollowed } from "./progress";

/** How the message that was just sent goes on. `isGoingOn`: the next one is being written; what has arrived then makes room. */
export function Following({ jobId, isGoingOn, onClose }: { jobId: string; isGoingOn: boolean; onClose: () => void }) {
  const card = useRef<HTMLElement>(null);
  const message = useFollowed(jobId);
  const to = message.data && phoneNumber(message.data.recipient);
  const isDelivered = message.data?.status === "Delivered";
  useEffect(() => card.current?.scrollIntoView({ block: "nearest" }), []);
  useEffect(() => {
    if (isDelivered && isGoingOn) onClose();
  }, [isDelivered, isGoingOn]);
  return (
    <section ref={card} class="card follow" aria-labelledby="follow">
      <header>
        <h2 id="follow" class="cut">
          {to ? t`To ${to}` : t`Just sent`}
        </h2>
        <span class="push" role="status">
          {message.data && <State of={message.data.status} chip />}
        </span>
        <button type="button" class="btn quiet icon small" aria-label={t`Dismiss`} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      <div class="pad gap">
        <Loaded query={message} rows={4}>
          {(detail) => <Progress message={detail} />}
        </Loaded>
      </div>
      {message.data && <Foot message={message.data} />}
    </section>
  );
}

function Foot({ message }: { message: Schemas["MessageDetail"] }) {
  const queries = useQueryClient();
  const { jobId } = message;
  const cancel = useMutation({
    mutationFn: () => got(api().POST("/console/messages/{jobId}/cancel", { params: { path: { jobId } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["message", jobId] }),
  });
  return (
    <>
      {cancel.error && <Failure error={cancel.error} />}
      <footer>
        <a href={`/messages/${jobId}`}>{t`Open the message`}</a>
        {(message.status === "Pending" || message.status === "Scheduled") && (
          <button type="button" class="btn small push" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            {t`Cancel the message`}
          </button>
        )}
      </footer>
    </>
  );
}
