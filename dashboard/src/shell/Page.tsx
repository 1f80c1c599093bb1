import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { liveness } from "../api/live";
import { Icon } from "../parts/Icon";
import { clock } from "../texts/formats";
import { Mark } from "./Mark";

const NAME = "SMSKit";
let isFirst = true;

/** A page's bar and body. The heading gets the focus when one comes here, and the window its title. */
export function Page({
  title,
  back,
  unread = 0,
  live = true,
  actions,
  narrow = false,
  children,
}: {
  title: string;
  /** Where the thing that is shown belongs: its address and name. */
  back?: { path: string; name: string };
  /** Stands before the window's title. */
  unread?: number;
  live?: boolean;
  actions?: ComponentChildren;
  narrow?: boolean;
  children: ComponentChildren;
}) {
  return (
    <>
      <header class="bar">
        {back ? (
          <a class="btn quiet icon only-narrow" href={back.path} aria-label={t`Back to ${back.name}`}>
            <Icon name="left" />
          </a>
        ) : (
          <span class="only-narrow">
            <Mark />
          </span>
        )}
        {back && (
          <nav class="crumbs only-wide" aria-label={t`Where this is`}>
            <a href={back.path}>{back.name}</a>
            <Icon name="right" />
          </nav>
        )}
        <Heading title={title} unread={unread} />
        <span class="push">{live && <Live />}</span>
        {actions}
      </header>
      <div class={narrow ? "body narrow" : "body"}>{children}</div>
    </>
  );
}

export function Heading({ title, unread = 0, className = "cut" }: { title: string; unread?: number; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${unread ? `(${unread}) ` : ""}${title} · ${NAME}`;
  }, [title, unread]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <h1 ref={heading} class={className} tabIndex={-1}>
      {title}
    </h1>
  );
}

/** How fresh what is shown is: dot and word. */
export function Live() {
  const { state, since } = liveness.value;
  const said = { live: t`Live`, late: t`Catching up`, off: since ? t`Offline, as of ${clock(since)}` : t`Offline` }[state];
  return (
    <span class={`live ${state}`} role="status">
      {said}
    </span>
  );
}
