import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/inbox.css";

export default function Inbox() {
  return <Page title={t`Inbox`}>{null}</Page>;
}
