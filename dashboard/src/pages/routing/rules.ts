import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError } from "../../api/problems";
import type { Schemas } from "../../api/queries";

export type Rule = Schemas["RoutingRuleView"];
export type RoutedSim = Schemas["RoutedSimView"];

export const MOST_RULES = 20;
export const MOST_PREFIXES = 50;
export const MOST_SIMS = 8;
const KEY = ["routing-rules"];

async function load(): Promise<Rule[]> {
  return (await got(api().GET("/console/routing-rules"))).rules;
}

/** The account's rules by their names: which one holds for a number doesn't depend on their order. */
export function useRules() {
  return useQuery({
    queryKey: KEY,
    queryFn: load,
    select: (rules) => [...rules].sort((one, other) => one.name.localeCompare(other.name)),
  });
}

/** Replaces all rules by what becomes of them as they are now, so that what others changed meanwhile stays. */
function useReplace<V>(become: (rules: Rule[], wanted: V) => Rule[]) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: V) => got(api().PUT("/console/routing-rules", { body: { rules: become(await load(), wanted) } })),
    onSuccess: (saved) => cache.setQueryData(KEY, saved.rules),
  });
}

/** Keeps a rule: a new one, or that with this name as it shall be. */
export function useKeep(name?: string) {
  const place = useRef(0);
  const keep = useReplace<Rule>((rules, wanted) => {
    // It comes last, so that a name or prefix that another one has is refused of this one.
    const others = rules.filter((rule) => rule.name !== name);
    place.current = others.length;
    return [...others, wanted];
  });
  return { ...keep, errorOf: (field: keyof Rule) => fieldError(keep.error, `rules/${place.current}/${field}`) };
}

export function useRemove(name: string) {
  return useReplace<void>((rules) => rules.filter((rule) => rule.name !== name));
}

export function keyOf({ deviceId, simSlot }: RoutedSim): string {
  return `${deviceId}/${simSlot}`;
}

/** The SIM with this key. */
export function simOf(key: string): RoutedSim {
  const [deviceId, simSlot] = key.split("/") as [string, string];
  return { deviceId, simSlot: Number(simSlot) };
}
