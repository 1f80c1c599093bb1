import { useQuery } from "@tanstack/preact-query";
import { api, got } from "../api/client";

/** How many conversations nobody has read yet, of the newest hundred. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: ["conversations", "unread"],
    queryFn: () => got(api().GET("/console/conversations", { params: { query: { limit: 100 } } })),
  });
  return data?.conversations.filter((conversation) => conversation.unreadCount > 0).length ?? 0;
}
