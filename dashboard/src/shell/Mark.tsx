export function Mark({ mini = false }: { mini?: boolean }) {
  return (
    <svg class={mini ? "mark mini" : "mark"} viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="8" />
      <path d="M7 9.5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-6l-3.5 3V18H9a2 2 0 0 1-2-2zM10.8 12.9l2.3 2.3 4.2-4.6" />
    </svg>
  );
}
