import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import type { Group, Operation } from "./openapi";

/** What the reference holds, with the part that is read now marked; folded on a phone. */
export function Contents({ groups, events }: { groups: Group[]; events: Operation[] }) {
  const [isWide] = useState(() => matchMedia("(min-width: 60.01rem)").matches);
  const at = useReading(groups, events);
  return (
    <details class="contents" open={isWide}>
      <summary>{t`Contents`}</summary>
      <nav aria-label={t`Contents of the reference`}>
        {groups.map((group) => (
          <div key={group.name}>
            <h2 lang="en">{group.name}</h2>
            <Entries operations={group.operations} at={at} />
          </div>
        ))}
        {events.length > 0 && (
          <div>
            <h2>{t`Events`}</h2>
            <Entries operations={events} at={at} />
          </div>
        )}
      </nav>
    </details>
  );
}

function Entries({ operations, at }: { operations: Operation[]; at: string }) {
  return (
    <ul>
      {operations.map(({ operationId, summary }) => (
        <li key={operationId}>
          <a href={`#${operationId}`} lang="en" aria-current={operationId === at ? "true" : undefined}>
            {summary}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The operation at the top of the window. */
function useReading(groups: Group[], events: Operation[]): string {
  const [at, move] = useState("");
  const ids = [...groups.flatMap((group) => group.operations), ...events].map(({ operationId }) => operationId).join(" ");
  useEffect(() => {
    const seen = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) seen.add(target.id);
          else seen.delete(target.id);
        }
        const first = ids.split(" ").find((id) => seen.has(id));
        if (first) move(first);
      },
      { rootMargin: "-10% 0px -70%" },
    );
    for (const id of ids.split(" ").filter(Boolean)) {
      const target = document.getElementById(id);
      if (target) observer.observe(target);
    }
    return () => observer.disconnect();
  }, [ids]);
  return at;
}
