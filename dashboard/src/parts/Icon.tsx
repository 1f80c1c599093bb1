/** What stands before a word: 16 px, drawn in the colour of the text. */
const SHAPES = {
  alert: <path d="M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.05"/>,
  audit: <path d="M3.75 2h8.5v12h-8.5zM6.25 5.25h3.5M6.25 8h3.5M6.25 10.75h2"/>,
  batches: <path d="M4.75 2.5h8.75v6.25M2.5 5h8.75v8.5H2.5zM4.75 8h4.25M4.75 10.5h2.75"/>,
  bolt: <path d="M9 1.75 3.75 9H8l-1 5.25L12.25 7H8z"/>,
  calendar: <><rect x="2.5" y="3.5" width="11" height="10" rx="1.25"/><path d="M2.5 6.75h11M5.5 2v3M10.5 2v3"/></>,
  check: <path d="M3 8.5 6.4 12 13 4.5"/>,
  clock: <><circle cx="8" cy="8" r="5.75"/><path d="M8 4.75V8l2.25 1.4"/></>,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1"/>
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>
    </>
  ),
  dcheck: <path d="M1.25 8.6 4.1 11.6 9.9 5M7.3 11 8 11.7 14.2 4.7"/>,
  dead: <path d="M2.75 5.75v7a.75.75 0 0 0 .75.75h9a.75.75 0 0 0 .75-.75v-7M1.75 2.5h12.5v3.25H1.75zM6.4 8.1l3.2 3.2M9.6 8.1l-3.2 3.2"/>,
  dots: (
    <>
      <circle cx="3.5" cy="8" r=".6" fill="currentColor"/>
      <circle cx="8" cy="8" r=".6" fill="currentColor"/>
      <circle cx="12.5" cy="8" r=".6" fill="currentColor"/>
    </>
  ),
  down: <path d="M4.5 6.5 8 10l3.5-3.5"/>,
  download: <path d="M8 2.5v7.75M4.75 7.25 8 10.5l3.25-3.25M2.5 13.5h11"/>,
  erase: <path d="M9.5 2.75 13.25 6.5l-6.5 7H4.5L2 11zM6 6.25l4 4M6.75 13.5h6.75"/>,
  failed: <><circle cx="8" cy="8" r="5.75"/><path d="M6 6l4 4M10 6l-4 4"/></>,
  globe: (
    <>
      <circle cx="8" cy="8" r="5.75"/>
      <path d="M2.4 8h11.2M8 2.25c-3.7 3.9-3.7 7.6 0 11.5M8 2.25c3.7 3.9 3.7 7.6 0 11.5"/>
    </>
  ),
  inbox: <path d="M2 9.5h3.1l1 1.9h3.8l1-1.9H14M2 9.5l1.9-6h8.2l1.9 6v3.1a.9.9 0 0 1-.9.9H2.9a.9.9 0 0 1-.9-.9z"/>,
  info: <><circle cx="8" cy="8" r="5.75"/><path d="M8 7.4v3.6M8 5.05v.05"/></>,
  key: <><circle cx="5.25" cy="10.75" r="2.75"/><path d="M7.25 8.75 13.5 2.5M11 5l1.9 1.9M9.2 6.8l1.4 1.4"/></>,
  left: <path d="M9.75 3.75 5.5 8l4.25 4.25"/>,
  lock: <><rect x="3.75" y="7" width="8.5" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/></>,
  members: (
    <>
      <circle cx="6" cy="5.4" r="2.3"/>
      <path d="M1.9 13.2c0-2.2 1.8-3.8 4.1-3.8s4.1 1.6 4.1 3.8M10.6 3.3a2.3 2.3 0 0 1 0 4.2M12 9.8c1.3.6 2.1 1.8 2.1 3.4"/>
    </>
  ),
  messages: <path d="M2.25 3.25h11.5v7.75h-6l-3.25 2.5V11H2.25zM5 6h6M5 8.25h3.75"/>,
  nowifi: <path d="M2 5.9c1.3-1.1 2.8-1.8 4.4-2M14 5.9a9.3 9.3 0 0 0-3.6-1.8M4.2 8.5c.8-.7 1.7-1.1 2.6-1.3M11.8 8.5a6 6 0 0 0-1.3-.85M6.4 11c1-.75 2.2-.75 3.2 0M8 13.2v.05M2.75 2.75l10.5 10.5"/>,
  offer: <path d="M5 11 11 5M6 5h5v5"/>,
  okc: <><circle cx="8" cy="8" r="5.75"/><path d="M5.4 8.2 7.2 10l3.5-4"/></>,
  optout: <><circle cx="8" cy="8" r="5.75"/><path d="M4 4l8 8"/></>,
  out: <path d="M6.25 2.5H2.75v11h3.5M10.5 11l3-3-3-3M13.25 8h-7"/>,
  overview: <path d="M2.5 2.5H7v5H2.5zM9 2.5h4.5V6H9zM9 8.5h4.5v5H9zM2.5 10H7v3.5H2.5z"/>,
  pen: <path d="M10.9 2.6l2.5 2.5-7.6 7.6-3.1.6.6-3.1zM9.2 4.3l2.5 2.5"/>,
  phone: <><rect x="4" y="1.75" width="8" height="12.5" rx="1.5"/><path d="M7 11.75h2"/></>,
  ping: <path d="M1.5 8h3l2-4.5 3 9 2-4.5h3"/>,
  plus: <path d="M8 3v10M3 8h10"/>,
  replay: <path d="M3.1 8.2a5 5 0 1 0 1.4-3.7L2.75 6.2M2.75 2.75V6.2H6.2"/>,
  right: <path d="M6.5 4.5 10 8l-3.5 3.5"/>,
  routing: <path d="M1.75 8h3C8 8 7 4 10.5 4h3M4.75 8C8 8 7 12 10.5 12h3M11.75 2l2 2-2 2M11.75 10l2 2-2 2"/>,
  search: <><circle cx="7" cy="7" r="4.5"/><path d="M10.4 10.4 13.75 13.75"/></>,
  send: <path d="M14 2 7.3 8.7M14 2 9.7 14l-2.4-5.3L2 6.3z"/>,
  settings: (
    <>
      <circle cx="10" cy="4.5" r="1.75"/>
      <circle cx="6" cy="11.5" r="1.75"/>
      <path d="M2.5 4.5h5.75M11.75 4.5h1.75M2.5 11.5h1.75M7.75 11.5h5.75"/>
    </>
  ),
  sim: <path d="M4 2.25h5.25l2.75 3V13.75H4zM6.25 8.25h3.5v3h-3.5z"/>,
  skip: <path d="M3.5 4.5 7 8l-3.5 3.5M8.5 4.5 12 8l-3.5 3.5"/>,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.75"/>
      <path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"/>
    </>
  ),
  template: <path d="M3 2.25h10v11.5H3zM5.5 5.5h5M5.5 8h1.25M9.25 8h1.25M5.5 10.5h3"/>,
  trash: <path d="M2.5 4.25h11M6 4.25V2.5h4v1.75M4 4.25l.6 9.25h6.8l.6-9.25M6.9 7v3.75M9.1 7v3.75"/>,
  upload: <path d="M8 10.5V2.75M4.75 5.75 8 2.5l3.25 3.25M2.5 10.5v2.25c0 .4.35.75.75.75h9.5c.4 0 .75-.35.75-.75V10.5"/>,
  updown: <path d="M5.5 6.25 8 3.75l2.5 2.5M5.5 9.75 8 12.25l2.5-2.5"/>,
  usage: <path d="M2.25 13.5h11.5M4.5 11V8.5M8 11V3M11.5 11V6"/>,
  webhook: (
    <>
      <circle cx="8" cy="3.9" r="1.9"/>
      <circle cx="3.6" cy="11.7" r="1.9"/>
      <circle cx="12.4" cy="11.7" r="1.9"/>
      <path d="M7.1 5.6 4.5 10M8.9 5.6l2.6 4.4M5.5 11.7h5"/>
    </>
  ),
  x: <path d="M4 4l8 8M12 4l-8 8"/>,
};

export type IconName = keyof typeof SHAPES;

export function Icon({ name, tone }: { name: IconName; tone?: string }) {
  return (
    <svg class={tone ? `i ${tone}` : "i"} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
