import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/webhooks.css";

export default function Webhooks() {
  return <Page title={t`Webhooks`}>{null}</Page>;
}
