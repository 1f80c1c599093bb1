import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import { type Fields, requestOf } from "./fields";

/** Sends what a form holds. The same message that is tried again has the same key, so that it can't go out twice. */
export function useSend(onSent: (jobId: string) => void) {
  const queries = useQueryClient();
  const key = useRef({ of: "", is: "" });
  return useMutation({
    mutationFn: (fields: Fields) => {
      const request = requestOf(fields);
      const of = JSON.stringify(request);
      if (key.current.of !== of) key.current = { of, is: crypto.randomUUID() };
      return got(api().POST("/console/messages", { body: { ...request, idempotencyKey: key.current.is } }));
    },
    onSuccess: ({ jobId }) => {
      key.current = { of: "", is: "" };
      void queries.invalidateQueries({ queryKey: ["messages"] });
      void queries.invalidateQueries({ queryKey: ["overview"] });
      onSent(jobId);
    },
  });
}
