import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";
import { type Fields, requestOf } from "./fields";

export type Accepted = Schemas["SendAccepted"];

/** Sends what a form holds. The same message that is tried again has the same key, so that it can't go out twice. */
export function useSend(onSent: (accepted: Accepted) => void) {
  const queries = useQueryClient();
  const key = useRef({ of: "", is: "" });
  return useMutation({
    mutationFn: (fields: Fields) => {
      const request = requestOf(fields);
      const of = JSON.stringify(request);
      if (key.current.of !== of) key.current = { of, is: crypto.randomUUID() };
      return got(api().POST("/console/messages", { body: { ...request, idempotencyKey: key.current.is } }));
    },
    onSuccess: (accepted) => {
      key.current = { of: "", is: "" };
      void queries.invalidateQueries({ queryKey: ["messages"] });
      void queries.invalidateQueries({ queryKey: ["overview"] });
      onSent(accepted);
    },
  });
}
