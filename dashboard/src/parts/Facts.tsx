/** A name and what it is; nothing where that isn't known. The third says that it is a code. */
export type Fact = [name: string, value: string | undefined, isCode?: boolean];

/** Names on the left, what they are on the right; that may be a stranger's words. */
export function Facts({ rows, slim = true }: { rows: Fact[]; slim?: boolean }) {
  return (
    <dl class={slim ? "facts slim" : "facts"}>
      {rows
        .filter(([, value]) => value)
        .map(([name, value, isCode]) => (
          <>
            <dt>{name}</dt>
            <dd class={isCode ? "mono" : undefined}>{isCode ? value : <bdi>{value}</bdi>}</dd>
          </>
        ))}
    </dl>
  );
}
