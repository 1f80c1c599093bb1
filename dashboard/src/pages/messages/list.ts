import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useEffect, useMemo, useState } from "preact/hooks";
import { api, got } from "../../api/client";
import type { MessageFilter, Schemas } from "../../api/queries";

type Message = Schemas["MessageView"];

const PAGE = 50;
/** Within so many pixels of its top the list takes new messages by itself. */
const TOP_PX = 80;

function load(asked: MessageFilter, cursor?: string) {
  return got(api().GET("/console/messages", { params: { query: { limit: PAGE, ...asked, cursor } } }));
}

/** The pages as they were loaded. They stay as they are: what changes is seen on the first page, which is fetched again then. */
function usePages(asked: MessageFilter) {
  return useInfiniteQuery({
    queryKey: ["message-pages", asked],
    queryFn: ({ pageParam }) => load(asked, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? (page.cursor ?? undefined) : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The list of messages: live at its top. New ones wait while somebody reads further down, so that nothing jumps. */
export function useMessageList(asked: MessageFilter) {
  const cache = useQueryClient();
  const pages = usePages(asked);
  const head = useQuery({ queryKey: ["messages", "head", asked], queryFn: () => load(asked) });
  const [taken, take] = useState<{ asked: MessageFilter; messages: Message[] }>({ asked, messages: [] });
  const own = taken.asked === asked ? taken.messages : [];
  const loaded = useMemo(() => pages.data?.pages.flatMap((page) => page.messages) ?? [], [pages.data]);
  const { messages, waiting, isBroken } = useMemo(() => merge([...own, ...loaded], head.data), [own, loaded, head.data]);
  const isAtTop = useIsAtTop();

  function showNew() {
    if (isBroken) {
      take({ asked, messages: [] });
      void cache.resetQueries({ queryKey: ["message-pages", asked] });
    } else take({ asked, messages: [...waiting, ...own] });
  }
  useEffect(() => {
    if (waiting.length && isAtTop && pages.data) showNew();
  }, [waiting, isAtTop]);

  return { pages, messages, waiting: waiting.length, isMany: isBroken, showNew };
}

/** What is known, as the newest page has it, and what that page has besides. Broken: so much came that some may lie between. */
function merge(known: Message[], head: Schemas["MessagePage"] | undefined) {
  if (!head) return { messages: known, waiting: [], isBroken: false };
  const fresh = new Map(head.messages.map((message) => [message.jobId, message]));
  const last = head.messages.at(-1);
  const ids = new Set(known.map(({ jobId }) => jobId));
  const waiting = head.messages.filter(({ jobId }) => !ids.has(jobId));
  const messages = known.flatMap((message) => {
    const now = fresh.get(message.jobId);
    if (now) return [now];
    // It would stand on the newest page if the filter still held it.
    const isGone = !head.hasMore || (last !== undefined && message.createdAt > last.createdAt);
    return isGone ? [] : [message];
  });
  return { messages, waiting, isBroken: head.hasMore && known.length > 0 && waiting.length === head.messages.length && waiting.length > 0 };
}

function useIsAtTop(): boolean {
  const [isAtTop, tell] = useState(() => scrollY < TOP_PX);
  useEffect(() => {
    const look = () => tell(scrollY < TOP_PX);
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);
  return isAtTop;
}
