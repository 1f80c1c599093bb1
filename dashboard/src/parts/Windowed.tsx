import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

/** From so many rows on only those near the window are drawn. */
const MOST = 200;
const CHUNK = 50;
const NEAR = "1500px";
const USUAL_ROW_PX = 45;

/** The rows of a table in bodies of fifty; one that is far away is an empty row as high as it was. */
export function Windowed<T>({ rows, columns, children }: { rows: T[]; columns: number; children: (row: T) => ComponentChildren }) {
  if (rows.length <= MOST) return <tbody role="rowgroup">{rows.map(children)}</tbody>;
  return (
    <>
      {chunked(rows).map((chunk, at, all) => (
        <Chunk key={all.length - at} rows={chunk} columns={columns} draw={children as (row: unknown) => ComponentChildren} />
      ))}
    </>
  );
}

/** Cut from the end, so that a new row at the top leaves all chunks but the first as they are. */
function chunked<T>(rows: T[]): T[][] {
  const first = rows.length % CHUNK || CHUNK;
  const chunks = [rows.slice(0, first)];
  for (let at = first; at < rows.length; at += CHUNK) chunks.push(rows.slice(at, at + CHUNK));
  return chunks;
}

interface ChunkProps {
  rows: unknown[];
  columns: number;
  draw: (row: unknown) => ComponentChildren;
}

/** Drawn again only when one of its rows is another, or rows are drawn in another way. */
function Chunk({ rows, columns, draw }: ChunkProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRef(rows.length * USUAL_ROW_PX);
  const [isNear, draws] = useState(false);
  const kept = useRef(rows);
  if (!isSame(kept.current, rows)) kept.current = rows;
  const drawn = useMemo(() => (isNear ? kept.current.map(draw) : undefined), [kept.current, draw, isNear]);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry!.isIntersecting && body.current) height.current = body.current.offsetHeight;
        draws(entry!.isIntersecting);
      },
      { rootMargin: NEAR },
    );
    observer.observe(body.current!);
    return () => observer.disconnect();
  }, []);
  return (
    <tbody ref={body} role="rowgroup">
      {drawn ?? (
        <tr class="far" aria-hidden="true">
          <td colSpan={columns} style={{ height: `${height.current}px` }} />
        </tr>
      )}
    </tbody>
  );
}

function isSame(before: unknown[], now: unknown[]): boolean {
  return before.length === now.length && before.every((row, at) => row === now[at]);
}
