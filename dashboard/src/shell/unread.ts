import { useQuery } from "@tanstack/preact-query";
import { api, got } from "../api/client";

/** How many conversations hold something that nobody has read; 100 also stands for more. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: ["conversations", "unread"],
    queryFn: () => got(api().GET("/console/conversations/unread")),
  });
  return data?.count ?? 0;
}
