import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";

type Kept = Required<Schemas["CreateTemplate"]>;

/** Changes something of the templates. It is pending until what is shown knows of it. */
function useAct<T, V = void>(act: (wanted: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: ["templates"] }) });
}

/** Keeps a template: a new one, or the one with this id as it shall be. */
export function useKeep(templateId?: string) {
  return useAct((body: Kept) =>
    got(
      templateId === undefined
        ? api().POST("/console/templates", { body })
        : api().PATCH("/console/templates/{templateId}", { params: { path: { templateId } }, body }),
    ),
  );
}

export function useRemove(templateId: string) {
  return useAct(() => got(api().DELETE("/console/templates/{templateId}", { params: { path: { templateId } } })));
}
