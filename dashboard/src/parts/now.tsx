import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../api/clock";
import { age } from "../texts/formats";

/** The server's time, anew every second while `isRunning`. */
export function useNow(isRunning = true): number {
  const [now, tell] = useState(serverNow);
  useEffect(() => {
    if (!isRunning) return undefined;
    const clock = setInterval(() => tell(serverNow()), 1_000);
    return () => clearInterval(clock);
  }, [isRunning]);
  return now;
}

/** How long ago something was, in a sentence that goes on by itself. */
export function Ago({ at, say }: { at: string; say: (age: string) => string }) {
  return <>{say(age(useNow() - Date.parse(at)))}</>;
}
