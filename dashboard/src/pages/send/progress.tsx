import { useQuery } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { every, PACE, type Schemas, usePhones } from "../../api/queries";
import { Timeline } from "../messages/Timeline";
import { reason } from "../messages/words";
import "../../styles/messages.css";

const ENDED = ["Delivered", "Failed", "DeadLetter", "Cancelled"];

/** A message that was just sent, asked for until it has ended. */
export function useFollowed(jobId: string) {
  return useQuery({
    queryKey: ["message", jobId],
    queryFn: () => got(api().GET("/console/messages/{jobId}", { params: { path: { jobId } } })),
    refetchInterval: (query) => {
      const status = query.state.data?.status ?? "";
      return ENDED.includes(status) ? false : every(status === "Scheduled" ? PACE.overview : PACE.thread)(query);
    },
  });
}

/** How far it is: why it failed, its text, and all that happened so far. */
export function Progress({ message }: { message: Schemas["MessageDetail"] }) {
  const { data: phones = [] } = usePhones();
  return (
    <>
      {message.error && <p class="soft">{reason(message)}</p>}
      <bdi class="quote">{message.message}</bdi>
      <Timeline message={message} phones={phones} />
    </>
  );
}
