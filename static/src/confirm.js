// data-confirm="…" on a form, submit button or link asks first; hx-confirm uses the same dialog.
// data-confirm-reason="field" also asks for a reason, sent under that field name.
import Modal from "bootstrap/js/dist/modal";

let go = null;
let answeredAt = -Infinity;

function ask(source, question, proceed) {
  const dialog = document.getElementById("confirm");
  const { confirmTitle, confirmYes, confirmTone, confirmReason, confirmReasonLabel } = source.dataset;
  const title = dialog.querySelector("[data-title]");
  const yes = dialog.querySelector("[data-yes]");
  const reason = dialog.querySelector("[data-reason]");
  const area = reason.querySelector("textarea");
  title.textContent = confirmTitle || title.dataset.text;
  yes.textContent = confirmYes || yes.dataset.text;
  yes.className = `btn btn-${confirmTone || "primary"}`;
  dialog.querySelector("[data-question]").textContent = question;
  reason.hidden = !confirmReason;
  area.required = Boolean(confirmReason);
  area.value = "";
  if (confirmReasonLabel) reason.querySelector("label").textContent = confirmReasonLabel;
  go = () => proceed(confirmReason ? { name: confirmReason, value: area.value.trim() } : null);
  Modal.getOrCreateInstance(dialog).show();
}

export function startConfirmations() {
  const dialog = document.getElementById("confirm");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const area = dialog.querySelector("textarea");
  dialog.addEventListener("shown.bs.modal", () => (area.required ? area : dialog.querySelector("[data-yes]")).focus());
  dialog.addEventListener("hide.bs.modal", () => (answeredAt = performance.now()));
  dialog.addEventListener("hidden.bs.modal", () => (go = null));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (area.required && !area.value.trim()) return area.focus();
    const proceed = go;
    Modal.getOrCreateInstance(dialog).hide();
    proceed?.();
  });

  // The second click of a double click on the answer would meet what lies behind the dialog: a row that opens, and what
  // was just sent is broken off.
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail < 2 || performance.now() - answeredAt > 1000) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  document.addEventListener(
    "submit",
    (event) => {
      const target = event.target;
      const button = event.submitter;
      const source = button?.dataset.confirm ? button : target.dataset.confirm ? target : null;
      if (!source || target.dataset.confirmed) {
        delete target.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(source, source.dataset.confirm, (answer) => {
        if (answer) {
          let field = target.querySelector(`input[type=hidden][name="${answer.name}"]`);
          if (!field) {
            field = Object.assign(document.createElement("input"), { type: "hidden", name: answer.name });
            target.append(field);
          }
          field.value = answer.value;
        }
        target.dataset.confirmed = "1";
        target.requestSubmit(button && button.form === target ? button : undefined);
      });
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    ask(link, link.dataset.confirm, () => window.location.assign(link.href));
  });

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.elt, event.detail.question, () => event.detail.issueRequest(true));
  });
}
