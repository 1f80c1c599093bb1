import type { ComponentChildren, RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

/** From so many rows on only those near the window are drawn. */
const MOST = 200;
/** As many come and go at once: a frame of fast scrolling has time for these, not for fifty. */
const CHUNK = 10;
const NEAR_PX = 1_200;
const USUAL_ROW_PX = 45;

/** The rows of a table in bodies of ten. Those that are far away are one empty row above and one below, as high as they were. */
export function Windowed<T>({ rows, columns, children }: { rows: T[]; columns: number; children: (row: T) => ComponentChildren }) {
  if (rows.length <= MOST) return <tbody role="rowgroup">{rows.map(children)}</tbody>;
  return <Near rows={rows} columns={columns} draw={children as (row: unknown) => ComponentChildren} />;
}

interface Rows {
  rows: unknown[];
  draw: (row: unknown) => ComponentChildren;
}

/** A stretch of the chunks, `to` not in it. */
interface Span {
  from: number;
  to: number;
}

function Near({ rows, columns, draw }: Rows & { columns: number }) {
  const top = useRef<HTMLTableSectionElement>(null);
  const chunks = useMemo(() => chunked(rows), [rows]);
  const heights = useHeights();
  const heightOf = (at: number) => heights.of(chunks.length - at, chunks[at]!.length);
  const { from, to } = useSpan(top, chunks.length, heightOf);
  const sum = (first: number, end: number) => chunks.slice(first, end).reduce((all, _, at) => all + heightOf(first + at), 0);
  return (
    <>
      <Far body={top} columns={columns} height={sum(0, from)} />
      {chunks.slice(from, to).map((chunk, at) => {
        const id = chunks.length - from - at;
        return <Chunk key={id} id={id} rows={chunk} draw={draw} onMeasure={heights.note} />;
      })}
      <Far columns={columns} height={sum(to, chunks.length)} />
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

/** How high chunks are, by their place from the end: as they were drawn last, else as high as the first that was. */
function useHeights() {
  const known = useRef(new Map<number, number>());
  const usual = useRef<number | undefined>();
  const note = useCallback((id: number, rows: number, height: number) => {
    known.current.set(id, height);
    usual.current ??= height / rows;
  }, []);
  useEffect(() => {
    // Rows have another height at another width.
    const forget = () => {
      known.current.clear();
      usual.current = undefined;
    };
    addEventListener("resize", forget);
    return () => removeEventListener("resize", forget);
  }, []);
  return { note, of: (id: number, rows: number) => known.current.get(id) ?? rows * (usual.current ?? USUAL_ROW_PX) };
}

/** Which chunks are near the window, whatever scrolls. */
function useSpan(top: RefObject<HTMLElement>, length: number, heightOf: (at: number) => number): Span {
  const [span, draw] = useState<Span>({ from: 0, to: 1 });
  const look = useRef(() => {});
  look.current = () => {
    if (!top.current) return;
    const now = near(top.current.getBoundingClientRect().top, length, heightOf);
    draw((before) => (before.from === now.from && before.to === now.to ? before : now));
  };
  useLayoutEffect(() => look.current(), [length]);
  useEffect(() => {
    const looks = () => look.current();
    const options = { capture: true, passive: true };
    addEventListener("scroll", looks, options);
    addEventListener("resize", looks);
    return () => {
      removeEventListener("scroll", looks, options);
      removeEventListener("resize", looks);
    };
  }, []);
  return { from: Math.min(span.from, length - 1), to: Math.min(span.to, length) };
}

/** `y`: where the first chunk begins, in pixels below the window's top. At least one chunk is near. */
function near(y: number, length: number, heightOf: (at: number) => number): Span {
  let end = y;
  let from = 0;
  while (from < length - 1 && end + heightOf(from) < -NEAR_PX) {
    end += heightOf(from);
    from += 1;
  }
  let to = from;
  while (to < length && (to === from || end < innerHeight + NEAR_PX)) {
    end += heightOf(to);
    to += 1;
  }
  return { from, to };
}

/** Drawn again only when one of its rows is another, or rows are drawn in another way. */
function Chunk({ id, rows, draw, onMeasure }: Rows & { id: number; onMeasure: (id: number, rows: number, height: number) => void }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const kept = useRef(rows);
  if (!isSame(kept.current, rows)) kept.current = rows;
  const drawn = useMemo(() => kept.current.map(draw), [kept.current, draw]);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { height } = entry!.contentRect;
      if (height) onMeasure(id, rows.length, height);
    });
    observer.observe(body.current!);
    return () => observer.disconnect();
  }, [id, rows.length]);
  return (
    <tbody ref={body} role="rowgroup">
      {drawn}
    </tbody>
  );
}

function Far({ body, columns, height }: { body?: RefObject<HTMLTableSectionElement>; columns: number; height: number }) {
  return (
    <tbody ref={body} role="rowgroup">
      <tr class="far" aria-hidden="true">
        <td colSpan={columns} style={{ height: `${height}px` }} />
      </tr>
    </tbody>
  );
}

function isSame(before: unknown[], now: unknown[]): boolean {
  return before.length === now.length && before.every((row, at) => row === now[at]);
}
