// One dialog for fragments: an htmx answer swapped into #dialog-body opens it, the event "close-dialog" shuts it.
// Dialogs written in the page (c-modal) are opened by data-bs-toggle="modal".
import Modal from "bootstrap/js/dist/modal";

export function startDialogs() {
  const dialog = document.getElementById("dialog");
  if (!dialog) return;
  const modal = Modal.getOrCreateInstance(dialog);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "dialog-body") return;
    if (event.detail.target.childElementCount) modal.show();
    else modal.hide();
  });
  document.addEventListener("close-dialog", () => modal.hide());
  dialog.addEventListener("shown.bs.modal", () => dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus());
  // A moment later: the form inside may still have events to tell, and what is out of the page is not heard.
  dialog.addEventListener("hidden.bs.modal", () => setTimeout(() => document.getElementById("dialog-body").replaceChildren()));
}
