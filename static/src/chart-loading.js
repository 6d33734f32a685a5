// The chart script is large: it is fetched only by pages that hold a chart.

let asked = false;

function draw() {
  if (!document.querySelector("[data-chart]:not([data-drawn])")) return;
  if (window.drawCharts) return window.drawCharts();
  if (asked) return;
  asked = true;
  const script = document.createElement("script");
  script.src = document.body.dataset.chartsSrc;
  script.addEventListener("load", () => window.drawCharts());
  document.head.append(script);
}

export function startCharts() {
  draw();
  document.addEventListener("htmx:afterSettle", draw);
}
