import { plural, t } from "@lingui/core/macro";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Icon } from "../../parts/Icon";
import { type BubbleActions, Row } from "./Bubble";
import type { Line } from "./lines";

/** So near its end, in pixels, the thread counts as at its end. */
const AT_END = 40;
/** So near its beginning older messages are loaded. */
const EARLY = 800;

/**
 * The thread: it opens at what is new, or at its end, and stays at its end while it is there. Only what is in view is in
 * the document, however long it is; older messages come in above without moving what is read.
 */
export function Log({
  lines,
  arrived,
  actions,
  onOlder,
  onEnd,
}: {
  lines: Line[];
  /** How many messages came in behind what has been seen. */
  arrived: number;
  actions: BubbleActions;
  onOlder: () => void;
  onEnd: (isAtEnd: boolean) => void;
}) {
  const list = useRef<VirtualizerHandle>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const isStuck = useRef(true);
  const isPrepended = usePrepended(lines);

  function settle() {
    if (isStuck.current) list.current?.scrollToIndex(lines.length - 1, { align: "end" });
  }
  useLayoutEffect(settle, [lines.length]);
  useOpening(list, lines, isStuck);

  function scrolled(offset: number) {
    const { scrollSize, viewportSize } = list.current!;
    const isEnd = offset + viewportSize >= scrollSize - AT_END;
    isStuck.current = isEnd;
    if (isEnd !== isAtEnd) {
      setAtEnd(isEnd);
      onEnd(isEnd);
    }
    if (offset < EARLY && lines[0]?.kind === "top") onOlder();
  }

  return (
    <div class="log-hold">
      <div class="log" role="log" aria-label={t`Messages`} aria-live={isAtEnd ? "polite" : "off"} tabIndex={0}>
        <div class="log-rest" />
        <Virtualizer ref={list} data={lines} shift={isPrepended} onScroll={scrolled} onResize={settle}>
          {(line) => (
            <div key={line.key} class="log-row">
              <Row line={line} actions={actions} />
            </div>
          )}
        </Virtualizer>
      </div>
      {!isAtEnd && arrived > 0 && (
        <button type="button" class="btn newpill" onClick={() => list.current?.scrollToIndex(lines.length - 1, { align: "end" })}>
          <Icon name="down" />
          {plural(arrived, { one: "# new message", other: "# new messages" })}
        </button>
      )}
    </div>
  );
}

/** Whether lines were put before those that were there: their places are then kept from the end. */
function usePrepended(lines: Line[]): boolean {
  const before = useRef<{ lines: Line[]; isPrepended: boolean }>({ lines, isPrepended: false });
  if (before.current.lines !== lines) {
    const old = before.current.lines;
    const isLonger = lines.length > old.length;
    before.current = { lines, isPrepended: isLonger && old.length > 0 && lines.at(-1)!.key === old.at(-1)!.key };
  }
  return before.current.isPrepended;
}

/** Begin where something new begins when that is more than a window holds. */
function useOpening(list: { current: VirtualizerHandle | null }, lines: Line[], isStuck: { current: boolean }): void {
  useLayoutEffect(() => {
    const begin = lines.findIndex(({ kind }) => kind === "new");
    if (begin < 0) return undefined;
    // What the rows measure is known once they have been drawn.
    const frame = requestAnimationFrame(() => {
      const handle = list.current;
      if (!handle || handle.scrollSize - handle.getItemOffset(begin) <= handle.viewportSize) return;
      isStuck.current = false;
      handle.scrollToIndex(begin, { align: "start" });
    });
    return () => cancelAnimationFrame(frame);
  }, []);
}
