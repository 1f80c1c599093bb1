import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function OptOuts() {
  return <Page title={t`Opt-outs`}>{null}</Page>;
}
