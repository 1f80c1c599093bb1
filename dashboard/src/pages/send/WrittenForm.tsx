import type { ComponentChildren, RefObject } from "preact";

/** A form that is also sent by Ctrl Enter, from any field. */
export function WrittenForm({
  form,
  label,
  onSubmit,
  children,
}: {
  form: RefObject<HTMLFormElement>;
  label: string;
  onSubmit: () => void;
  children: ComponentChildren;
}) {
  return (
    <form
      ref={form}
      class="card"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
