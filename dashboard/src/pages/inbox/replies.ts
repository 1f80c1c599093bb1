import { signal } from "@preact/signals";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { serverNow } from "../../api/clock";
import { api, got } from "../../api/client";
import { drafts } from "../../session/session";

/** A reply that was written here and isn't in the thread yet. Its key lets it be sent again without being sent twice. */
export interface Reply {
  key: string;
  conversationId: string;
  text: string;
  at: string;
  /** Whether another SIM may send it. */
  fallback: boolean;
  state: "sending" | "queued" | "refused";
  jobId?: string;
  error?: unknown;
}

const KEPT = "sending ";

/** Replies that are on their way. What a sign-in interrupted comes back as refused, under the key it had. */
export const replies = signal<Reply[]>([]);

export function startReply(conversationId: string, text: string, fallback: boolean): Reply {
  return { key: crypto.randomUUID(), conversationId, text, at: new Date(serverNow()).toISOString(), fallback, state: "sending" };
}

function put(reply: Reply): void {
  replies.value = [...replies.value.filter(({ key }) => key !== reply.key), reply];
}

export function dropReply(key: string): void {
  replies.value = replies.value.filter((reply) => reply.key !== key);
}

/** Take up what was being sent when the person had to sign in again. */
export function restoreReplies(): void {
  for (const [place, kept] of [...drafts]) {
    if (!place.startsWith(KEPT)) continue;
    const reply = JSON.parse(kept) as Reply;
    if (!replies.value.some(({ key }) => key === reply.key)) put({ ...reply, state: "refused" });
    drafts.delete(place);
  }
}

/** Send a reply: it stands in the thread at once, and turns red when it isn't taken. */
export function useSendReply() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ conversationId, text, fallback, key }: Reply) =>
      got(
        api().POST("/console/conversations/{conversationId}/reply", {
          params: { path: { conversationId } },
          body: { message: text, idempotencyKey: key, priority: 0, fallback },
        }),
      ),
    onMutate: (reply) => {
      drafts.set(KEPT + reply.key, JSON.stringify(reply));
      put({ ...reply, state: "sending", error: undefined });
    },
    onSuccess: ({ jobId }, reply) => {
      drafts.delete(KEPT + reply.key);
      put({ ...reply, state: "queued", jobId });
      void queries.invalidateQueries({ queryKey: ["thread", reply.conversationId] });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      void queries.invalidateQueries({ queryKey: ["unread"] });
    },
    onError: (error, reply) => {
      drafts.delete(KEPT + reply.key);
      put({ ...reply, state: "refused", error });
    },
  });
}
