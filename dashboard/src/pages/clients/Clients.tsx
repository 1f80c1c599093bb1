import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function Clients() {
  return <Page title={t`API clients`}>{null}</Page>;
}
