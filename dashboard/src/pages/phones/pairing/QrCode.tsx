import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import { Failure } from "../../../parts/Loading";

/** A QR code, drawn as one path; what draws it is loaded only here. */
export function QrCode({ text }: { text: string }) {
  const { data: uqr, error, refetch } = useQuery({ queryKey: ["uqr"], queryFn: () => import("uqr"), staleTime: Infinity });
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!uqr) return <div class="qr" />;
  const { data, size } = uqr.encode(text, { ecc: "M", border: 0 });
  return (
    <div class="qr">
      <svg role="img" aria-label={t`QR code for the phone`} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
        <path d={runs(data)} />
      </svg>
    </div>
  );
}

/** The dark modules, a stroke for each run of a line. */
function runs(lines: boolean[][]): string {
  return lines
    .map((line, y) => {
      let path = "";
      for (let x = 0; x < line.length; x += 1) {
        if (!line[x]) continue;
        const from = x;
        while (line[x + 1]) x += 1;
        path += `M${from} ${y + 0.5}h${x + 1 - from}`;
      }
      return path;
    })
    .join("");
}
