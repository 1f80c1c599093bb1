import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useEffect, useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import { every, PACE, type Schemas, usePhones } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Failure, Loaded } from "../../parts/Loading";
import { State } from "../../parts/State";
import { phoneNumber } from "../../texts/formats";
import { Timeline } from "../messages/Timeline";
import { reason } from "../messages/words";
import "../../styles/messages.css";

const ENDED = ["Delivered", "Failed", "DeadLetter", "Cancelled"];

/** How the message that was just sent goes on. `isGoingOn`: the next one is being written; what has arrived then makes room. */
export function Following({ jobId, isGoingOn, onClose }: { jobId: string; isGoingOn: boolean; onClose: () => void }) {
  const card = useRef<HTMLElement>(null);
  const message = useQuery({
    queryKey: ["message", jobId],
    queryFn: () => got(api().GET("/console/messages/{jobId}", { params: { path: { jobId } } })),
    refetchInterval: (query) => (ENDED.includes(query.state.data?.status ?? "") ? false : every(PACE.thread)(query)),
  });
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

function Progress({ message }: { message: Schemas["MessageDetail"] }) {
  const { data: phones = [] } = usePhones();
  return (
    <>
      {message.error && <p class="soft">{reason(message)}</p>}
      <bdi class="quote">{message.message}</bdi>
      <Timeline message={message} phones={phones} />
    </>
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
        {message.status === "Pending" && (
          <button type="button" class="btn small push" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            {t`Cancel the message`}
          </button>
        )}
      </footer>
    </>
  );
}
