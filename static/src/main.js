// The glue of every page: htmx under a strict content policy, messages, confirmations, keys, rows, charts.
import htmx from "htmx.org";
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/offcanvas";
import "bootstrap/js/dist/tab";
import { startConfirmations } from "./confirm.js";
import { startCountdowns } from "./countdown.js";
import { startDialogs } from "./dialog.js";
import { startDispatch } from "./dispatch.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startSearch } from "./search.js";
import { startToasts } from "./toasts.js";
import { startTransfers } from "./transfer.js";
import { startCharts } from "./chart-loading.js";
import { startShell } from "./shell.js";
import { startGrids } from "./grid.js";
import { startIntake } from "./intake.js";
import { startOperations } from "./operations.js";
import { startSignatures } from "./signature.js";
import { startWalkRound } from "./walk-round.js";
import { startHtmx } from "./htmx-setup.js";

window.htmx = htmx;
startHtmx(htmx);

function start() {
  startToasts();
  startDialogs();
  startConfirmations();
  startForms();
  startKeys();
  startSearch();
  startShell();
  startCharts();
  startCountdowns();
  startGrids();
  startIntake();
  startOperations();
  startDispatch();
  startWalkRound();
  startSignatures();
  startTransfers();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
