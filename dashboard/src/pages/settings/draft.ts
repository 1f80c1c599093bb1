import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";
import { toast } from "../../parts/toasts";

export type Saved = Schemas["SettingsView"];
export type Change = Schemas["ChangeSettings"];

export interface Draft<T> {
  value: T;
  isChanged: boolean;
  change: (part: Partial<T>) => void;
  reset: () => void;
}

/** What a section's fields hold: what is saved, under what was changed since. */
export function useDraft<T extends object>(saved: T): Draft<T> {
  const [own, keep] = useState<Partial<T>>({});
  const value = { ...saved, ...own };
  const isChanged = JSON.stringify(value) !== JSON.stringify(saved);
  return { value, isChanged, change: (part) => keep({ ...own, ...part }), reset: () => keep({}) };
}

/** Saves one section. The settings are shown as they are then. */
export function useSave(done: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => got(api().PATCH("/console/settings", { body: change })),
    onSuccess: (saved) => {
      cache.setQueryData(["settings"], saved);
      done();
      toast({ text: t`Saved` });
    },
  });
}
