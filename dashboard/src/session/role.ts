import { useMe } from "../api/queries";

const RANKS = { viewer: 0, operator: 1, owner: 2 } as const;
export type Role = keyof typeof RANKS;

/** Whether the person's role reaches this one; False while it isn't known. */
export function useMay(least: Role): boolean {
  const { data: me } = useMe();
  return me !== undefined && RANKS[me.role] >= RANKS[least];
}
