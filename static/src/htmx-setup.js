// htmx without eval and without its own style element; the CSRF token travels as a header.
import { showToast } from "./toasts.js";

export function startHtmx(htmx) {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    // Pages hold customers' phones: nothing of them is kept in the browser's storage.
    historyCacheSize: 0,
    // New content obeys htmx at once: a quick key must never meet a form that is still a plain one.
    defaultSettleDelay: 0,
    refreshOnHistoryMiss: true,
    scrollBehavior: "auto",
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });

  // A page nobody looks at stops asking; it asks again when it is looked at. Nor is a choice taken from under the hand of
  // who is making it: while somebody chooses or types in what would be replaced, it stays.
  const inHand = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (elt.hasAttribute("data-poll") && (document.hidden || inHand(elt))) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-poll]")) htmx.trigger(element, "shown");
  });

  // A refusal arrives as a toast (ui/toast.html) whatever the target was; the page behind stays as it is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || !(xhr.responseText || "").includes("data-toast")) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.target = document.getElementById("toasts");
    event.detail.swapOverride = "beforeend";
  });

  // A poll that fails is tried again anyway; it need not trouble anybody.
  const polling = (event) => event.detail.requestConfig?.elt?.hasAttribute("data-poll");
  const text = (name) => document.body.dataset[name] || "";
  document.addEventListener("htmx:responseError", (event) => {
    if (polling(event)) return;
    const { status } = event.detail.xhr;
    const words = {
      403: text("textForbidden"),
      404: text("textMissing"),
      409: text("textStale"),
      412: text("textStale"),
      429: text("textBusy"),
    };
    showToast({ tone: status >= 500 ? "danger" : "warning", text: words[status] || text("textFailed") });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => polling(event) || showToast({ tone: "danger", text: text("textOffline") }));
  }
}
