import { useQuery } from "@tanstack/preact-query";
import { api, got } from "../api/client";
import type { Schemas } from "../api/queries";

/** The conversations that nobody has read, counted up to a hundred, and since when the oldest of them waits. */
export function useWaiting(): Schemas["UnreadConversations"] | undefined {
  const { data } = useQuery({
    queryKey: ["unread"],
    queryFn: () => got(api().GET("/console/conversations/unread")),
  });
  return data;
}

/** How many conversations nobody has read yet; a hundred also stands for more. */
export function useUnread(): number {
  return useWaiting()?.count ?? 0;
}
