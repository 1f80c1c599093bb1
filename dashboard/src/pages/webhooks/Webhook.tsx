import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/webhooks.css";

export default function Webhook() {
  return <Page title={t`Webhook`}>{null}</Page>;
}
