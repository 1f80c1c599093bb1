import { keepPreviousData, useQuery } from "@tanstack/preact-query";
import { useEffect, useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { every, PACE, type Schemas } from "../../api/queries";
import { atMost, devicesOf, type Fields, wordsOf } from "./fields";

export type Preview = Schemas["Preview"];

const PAUSE_MS = 300;
const LONGEST_NUMBER = 40;

/** What the message would be, asked when somebody stops typing for a moment; the answer before stays until then. */
export function usePreview(fields: Fields): Preview | undefined {
  const asked = useSettled(
    JSON.stringify({
      recipient: atMost(fields.to, LONGEST_NUMBER),
      message: atMost(wordsOf(fields)),
      priority: fields.priority,
      devices: devicesOf(fields.by),
    }),
  );
  const { data } = useQuery({
    queryKey: ["preview", asked],
    queryFn: async () => {
      const body = JSON.parse(asked) as Schemas["PreviewRequest"];
      return { of: body.recipient, preview: await got(api().POST("/console/messages/preview", { body })) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: every(PACE.overview),
    gcTime: 60_000,
  });
  if (!data || data.of === atMost(fields.to, LONGEST_NUMBER)) return data?.preview;
  // What was said of another number doesn't hold for this one.
  return { ...data.preview, recipient: undefined, recipientProblem: undefined };
}

/** A value once it has stood still for a moment; the first one at once. */
function useSettled(value: string): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
