import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/send.css";

export default function Send() {
  return <Page title={t`Send`}>{null}</Page>;
}
