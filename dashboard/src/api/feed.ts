import { useQuery, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { every } from "./queries";

/** What a list is known to hold, newest first; `cursor` asks for what is older than all of it. */
export interface Feed<T> {
  items: T[];
  cursor: string | undefined;
}

interface Source<T> {
  queryKey: unknown[];
  page: (cursor: string | undefined) => Promise<{ items: T[]; cursor?: string | null }>;
  idOf: (item: T) => string;
  /** Where it stands in the list, in milliseconds: the newer the greater. */
  at: (item: T) => number;
  /** How often it is asked, where asking whether anything changed is too slow. */
  pace?: number;
}

/** A list of which the newest page alone is fetched again: what was loaded before stays, however much it is. */
export function useFeed<T>(source: Source<T>) {
  const queries = useQueryClient();
  const { queryKey } = source;
  const [older, setOlder] = useState<{ isLoading: boolean; error?: unknown }>({ isLoading: false });
  const query = useQuery<Feed<T>>({
    queryKey,
    queryFn: async () => {
      const page = await source.page(undefined);
      return merged(queries.getQueryData<Feed<T>>(queryKey), { items: page.items, cursor: page.cursor ?? undefined }, source);
    },
    refetchInterval: source.pace ? every(source.pace) : false,
  });

  async function loadOlder() {
    const cursor = query.data?.cursor;
    if (!cursor || older.isLoading) return;
    setOlder({ isLoading: true });
    try {
      const page = await source.page(cursor);
      queries.setQueryData<Feed<T>>(queryKey, (known) => appended(known, cursor, page, source));
      setOlder({ isLoading: false });
    } catch (error) {
      setOlder({ isLoading: false, error });
    }
  }

  return { ...query, loadOlder, hasOlder: query.data?.cursor !== undefined, isLoadingOlder: older.isLoading, olderError: older.error };
}

/** The newest page, and what is known behind it. Where the two don't meet, what is between was never seen: begin anew. */
function merged<T>(known: Feed<T> | undefined, page: Feed<T>, { idOf, at }: Source<T>): Feed<T> {
  const last = page.items.at(-1);
  if (!known || !last || page.cursor === undefined) return page;
  const ids = new Set(page.items.map(idOf));
  if (!known.items.some((item) => ids.has(idOf(item)))) return page;
  const rest = known.items.filter((item) => !ids.has(idOf(item)) && at(item) <= at(last));
  return rest.length ? { items: [...page.items, ...rest], cursor: known.cursor } : page;
}

function appended<T>(known: Feed<T> | undefined, cursor: string, page: { items: T[]; cursor?: string | null }, { idOf }: Source<T>) {
  // A list that began anew meanwhile has another end than the one that this page belongs to.
  if (!known || known.cursor !== cursor) return known;
  const ids = new Set(known.items.map(idOf));
  return { items: [...known.items, ...page.items.filter((item) => !ids.has(idOf(item)))], cursor: page.cursor ?? undefined };
}
