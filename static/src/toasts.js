// Messages in the corner: from the server (#toasts, HX-Trigger "toast") and from the scripts.
import Toast from "bootstrap/js/dist/toast";

const place = () => document.getElementById("toasts");

function open(element) {
  const lasting = element.dataset.tone === "danger" || element.dataset.tone === "warning";
  element.addEventListener("hidden.bs.toast", () => element.remove());
  new Toast(element, { autohide: true, delay: lasting ? 12000 : 5000 }).show();
}

/** Shows one message; tone is success, info, warning or danger. */
export function showToast({ tone = "info", text }) {
  const pattern = document.getElementById("toast-pattern");
  if (!pattern || !place() || !text) return;
  const element = pattern.content.firstElementChild.cloneNode(true);
  element.dataset.tone = tone;
  element.classList.add(`toast-${tone}`);
  element.querySelector("[data-toast-text]").textContent = text;
  place().append(element);
}

export function startToasts() {
  if (!place()) return;
  for (const element of place().querySelectorAll("[data-toast]")) open(element);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node.dataset && "toast" in node.dataset) open(node);
    }
  }).observe(place(), { childList: true });
  document.addEventListener("toast", (event) => {
    const { value } = event.detail || {};
    for (const message of Array.isArray(value) ? value : [event.detail]) showToast(message);
  });
}
