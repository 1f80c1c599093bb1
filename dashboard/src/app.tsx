import { t } from "@lingui/core/macro";
import { QueryClientProvider } from "@tanstack/preact-query";
import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { useChanges } from "./api/changes";
import { OVERVIEW_UNNOTED_SECONDS, PACE, queries, useSettings } from "./api/queries";
import { Failure } from "./parts/Loading";
import { Toasts } from "./parts/toasts";
import { Keys, useShortcuts } from "./shell/keys";
import { NotFound } from "./shell/NotFound";
import { Palette } from "./shell/Palette";
import { SideBar } from "./shell/SideBar";
import { TabBar } from "./shell/TabBar";
import { timeZone } from "./texts/formats";
import { language, withTexts } from "./texts/texts";

const Overview = lazy(() => import("./pages/overview/Overview"));
const Inbox = lazy(() => withTexts(import("./pages/inbox/Inbox")));
const Send = lazy(() => withTexts(import("./pages/send/Send")));
const SendMany = lazy(() => withTexts(import("./pages/send-many/SendMany")));
const Batches = lazy(() => withTexts(import("./pages/batches/Batches")));
const BatchPage = lazy(() => withTexts(import("./pages/batches/BatchPage")));
const Templates = lazy(() => withTexts(import("./pages/templates/Templates")));
const Routing = lazy(() => withTexts(import("./pages/routing/Routing")));
const Messages = lazy(() => import("./pages/messages/Messages"));
const Phones = lazy(() => withTexts(import("./pages/phones/Phones")));
const Phone = lazy(() => withTexts(import("./pages/phones/Phone")));
const Webhooks = lazy(() => withTexts(import("./pages/webhooks/Webhooks")));
const Webhook = lazy(() => withTexts(import("./pages/webhooks/Webhook")));
const Clients = lazy(() => withTexts(import("./pages/clients/Clients")));
const ClientPage = lazy(() => withTexts(import("./pages/clients/ClientPage")));
const Docs = lazy(() => withTexts(import("./pages/docs/Docs")));
const OptOuts = lazy(() => withTexts(import("./pages/opt-outs/OptOuts")));
const Usage = lazy(() => withTexts(import("./pages/usage/Usage")));
const Members = lazy(() => withTexts(import("./pages/members/Members")));
const Audit = lazy(() => withTexts(import("./pages/audit/Audit")));
const SettingsPage = lazy(() => withTexts(import("./pages/settings/SettingsPage")));

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LocationProvider>
        <Shell key={language.value} />
      </LocationProvider>
    </QueryClientProvider>
  );
}

function Shell() {
  const { path } = useLocation();
  useShortcuts();
  const isOverview = path === "/";
  useChanges(isOverview ? PACE.overview : PACE.list, isOverview ? OVERVIEW_UNNOTED_SECONDS : undefined);
  const { data: settings } = useSettings();
  useEffect(() => {
    timeZone.value = settings?.timeZone;
  }, [settings?.timeZone]);
  return (
    <>
      <a class="skip" href="#content">
        {t`Skip to content`}
      </a>
      <div class="app">
        <SideBar />
        <main class="main" id="content">
          <ErrorBoundary onError={(error) => console.error(error)}>
            <Router>
              <Route path="/" component={Overview} />
              <Route path="/inbox" component={Inbox} />
              <Route path="/inbox/:conversationId" component={Inbox} />
              <Route path="/send" component={Send} />
              <Route path="/send/many" component={SendMany} />
              <Route path="/batches" component={Batches} />
              <Route path="/batches/:batchId" component={BatchPage} />
              <Route path="/templates" component={Templates} />
              <Route path="/routing" component={Routing} />
              <Route path="/messages" component={Messages} />
              <Route path="/messages/:jobId" component={Messages} />
              <Route path="/phones" component={Phones} />
              <Route path="/phones/:deviceId" component={Phone} />
              <Route path="/webhooks" component={Webhooks} />
              <Route path="/webhooks/:webhookId" component={Webhook} />
              <Route path="/clients" component={Clients} />
              <Route path="/clients/:clientId" component={ClientPage} />
              <Route path="/docs" component={Docs} />
              <Route path="/opt-outs" component={OptOuts} />
              <Route path="/usage" component={Usage} />
              <Route path="/members" component={Members} />
              <Route path="/audit" component={Audit} />
              <Route path="/settings" component={SettingsPage} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </main>
      </div>
      <TabBar />
      <Toasts />
      <Palette />
      <Keys />
    </>
  );
}

/** What stands where nothing could begin. */
export function CannotStart({ error }: { error: unknown }) {
  return (
    <main class="main">
      <div class="body narrow">
        <h1>SMSKit</h1>
        <Failure error={error} again={() => location.reload()} />
      </div>
    </main>
  );
}
