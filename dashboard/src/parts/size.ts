import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Size {
  /** Inside its padding, in CSS pixels. */
  width: number;
  /** The root's font size: who sets a larger text gets it here too. */
  em: number;
}

/** How wide an element is, as it changes. */
export function useSize<T extends HTMLElement>(): [RefObject<T>, Size] {
  const element = useRef<T>(null);
  const [size, tell] = useState<Size>({ width: 620, em: 16 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry!.contentRect.width);
      const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (width > 0) tell((before) => (before.width === width && before.em === em ? before : { width, em }));
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}
