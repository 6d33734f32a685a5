// Charts by ECharts from JSON in the page: <div data-chart="id-of-json-script">. Tooltips are drawn on the canvas,
// for the content policy forbids style attributes in markup.
import { BarChart, GaugeChart, HeatmapChart, LineChart, PieChart, RadarChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, RadarComponent,
  TitleComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart, GaugeChart, HeatmapChart, LineChart, PieChart, RadarChart, ScatterChart,
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, RadarComponent,
  TitleComponent, TooltipComponent, VisualMapComponent, LabelLayout, CanvasRenderer,
]);

const font = getComputedStyle(document.body).fontFamily;
const colours = ["#2f6fb5", "#3f9c78", "#d99a2b", "#c4524f", "#7a6bb0", "#4aa3b5", "#8a8f98", "#b5774a"];

const base = {
  color: colours,
  textStyle: { fontFamily: font, fontSize: 12 },
  grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
  legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 9 },
  tooltip: { renderMode: "richText", trigger: "axis", confine: true },
  animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  animationDuration: 300,
  aria: { enabled: true },
};

window.drawCharts = function drawCharts() {
  for (const place of document.querySelectorAll("[data-chart]:not([data-drawn])")) {
    const source = document.getElementById(place.dataset.chart);
    if (!source) continue;
    const options = JSON.parse(source.textContent);
    const chart = echarts.init(place);
    chart.setOption({ ...base, ...options, legend: { ...base.legend, ...options.legend }, tooltip: { ...base.tooltip, ...options.tooltip }, grid: { ...base.grid, ...options.grid } });
    // A point that carries a url leads to the rows behind the figure.
    chart.on("click", (point) => point.data?.url && window.location.assign(point.data.url));
    new ResizeObserver(() => chart.resize()).observe(place);
    place.dataset.drawn = "1";
  }
};
