import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";
import "../../styles/phones.css";

export default function Phone() {
  return <Page title={t`Phone`}>{null}</Page>;
}
