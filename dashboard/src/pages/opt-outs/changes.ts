import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { toast } from "../../parts/toasts";
import { phoneNumber } from "../../texts/formats";

/** Asks anew for all that shows whether a number has opted out. */
function useRefresh() {
  const cache = useQueryClient();
  return () => Promise.all(["opt-outs", "conversations"].map((name) => cache.invalidateQueries({ queryKey: [name] })));
}

/** Opts a number out; tells the number as it is kept. */
export function useOptOut(done: (number: string) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ number, reason }: { number: string; reason: string }) =>
      got(api().POST("/console/opt-outs", { body: { number, reason: reason.trim() || undefined } })),
    onSuccess: async ({ number }) => {
      const named = phoneNumber(number);
      done(number);
      toast({ text: t`${named} gets no more messages` });
      await refresh();
    },
  });
}

/** Opts a number in again. The reason stays in its history. */
export function useOptIn(number: string, done: () => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (reason: string) =>
      got(api().DELETE("/console/opt-outs/{number}", { params: { path: { number }, query: { reason: reason.trim() } } })),
    onSuccess: async () => {
      const named = phoneNumber(number);
      done();
      toast({ text: t`${named} may get messages again` });
      await refresh();
    },
  });
}
