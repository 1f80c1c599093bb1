import { useQuery } from "@tanstack/preact-query";
import { api, got } from "./client";
import type { Schemas } from "./queries";

export type Template = Schemas["TemplateView"];

/** The account's templates by their names, so that each keeps its place. */
export function useTemplates() {
  return useQuery({
    queryKey: ["templates"],
    queryFn: async () => byName((await got(api().GET("/console/templates"))).templates),
  });
}

function byName(templates: Template[]): Template[] {
  return [...templates].sort((one, other) => one.name.localeCompare(other.name) || one.createdAt.localeCompare(other.createdAt));
}
