import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { useFeed } from "../../api/feed";
import { PACE, type Schemas } from "../../api/queries";

export type Conversation = Schemas["ConversationView"];
export type Message = Schemas["ConversationMessageView"];

const PAGE = 50;

/** The account's conversations, or those that hold something unread, the last active first. */
export function useConversations(unread: boolean) {
  return useFeed<Conversation>({
    queryKey: ["conversations", "list", unread],
    page: async (cursor) => {
      const query = { limit: PAGE, cursor, ...(unread && { unread }) };
      const page = await got(api().GET("/console/conversations", { params: { query } }));
      return { items: page.conversations, cursor: page.cursor };
    },
    idOf: (conversation) => conversation.conversationId,
    at: (conversation) => Date.parse((unread && conversation.unreadSince) || conversation.lastMessage.at),
  });
}

/** The conversation with a number, however it is written; null when there is none. */
export function useConversationWith(number: string | undefined) {
  return useQuery({
    queryKey: ["conversations", "with", number],
    queryFn: async () => {
      const page = await got(api().GET("/console/conversations", { params: { query: { number } } }));
      return page.conversations[0] ?? null;
    },
    enabled: number !== undefined,
  });
}

export function useConversation(conversationId: string, isWanted = true) {
  return useQuery({
    queryKey: ["conversations", "one", conversationId],
    queryFn: () => got(api().GET("/console/conversations/{conversationId}", { params: { path: { conversationId } } })),
    enabled: isWanted,
  });
}

/** A conversation's messages, newest first. */
export function useThread(conversationId: string) {
  return useFeed<Message>({
    queryKey: ["thread", conversationId],
    page: async (cursor) => {
      const params = { path: { conversationId }, query: { limit: PAGE, cursor } };
      const page = await got(api().GET("/console/conversations/{conversationId}/messages", { params }));
      return { items: page.messages, cursor: page.cursor };
    },
    idOf: keyOf,
    at: (message) => Date.parse(message.at),
    pace: PACE.thread,
  });
}

export function keyOf(message: Message): string {
  return message.jobId ?? message.messageId ?? message.at;
}

/** Say that what came in up to a time was read. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ conversationId, until }: { conversationId: string; until: string }) =>
      got(api().POST("/console/conversations/{conversationId}/read", { params: { path: { conversationId } }, body: { until } })),
    onSuccess: (conversation) => {
      queries.setQueryData(["conversations", "one", conversation.conversationId], conversation);
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      void queries.invalidateQueries({ queryKey: ["unread"] });
    },
  });
}
