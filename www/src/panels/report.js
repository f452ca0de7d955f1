// The bounces report over files: choose them, watch them being read, then ask. Loaded when it is first
// wanted; the counting itself happens in a worker.

import { chosen } from "../drop.js";
import { h, icon, icons } from "../dom.js";
import { hire } from "../report/client.js";
import { filesRead } from "./report-files.js";
import { policiesTable } from "./report-policies.js";
import { reportSettings } from "./report-settings.js";
import { reportTable } from "./report-table.js";

/** Lines on a page of the table. */
const PAGE = 50;

/**
 * @typedef {object} Settings
 * @property {string} field what the rows are grouped by
 * @property {boolean} withText and by their texts
 * @property {number | null} from epoch milliseconds of a day
 * @property {number | null} until the last day
 * @property {string | null} campaign
 */

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function reportPanel(host, act) {
  host.className = "report";
  let words = null;
  /** What the worker said of the files. */
  let overview = null;
  let reading = false;
  /** Files that came while others were read. */
  let queue = [];
  let desk = null;
  /** @type {Settings} */
  let settings = { field: "from-domain", withText: true, from: null, until: null, campaign: null };
  let sort = ["amount", "descending"];
  let start = 0;
  let turn = 0;

  const title = h("h1", {});
  const lead = h("p", { class: "lead" });
  const intro = h("div", { class: "report-intro" });
  const progress = h("div", { class: "report-progress", hidden: true });
  const trouble = h("p", { class: "trouble", role: "alert", hidden: true });
  const status = h("p", { class: "hidden", role: "status" });
  const read = h("div", {});
  const asked = h("div", {});
  const shown = h("div", { class: "report-shown" });
  const policies = h("div", {});
  host.append(title, lead, intro, progress, trouble, status, read, asked, shown, policies);
  const table = reportTable(shown, {
    sort(by) {
      const same = sort[0] === by;
      sort = [by, same === (sort[1] === "descending") ? "ascending" : "descending"];
      // Names begin at A, numbers with the greatest.
      if (!same) sort[1] = /^\d+$/.test(by) ? "ascending" : "descending";
      start = 0;
      look();
    },
    turn(to) {
      start = to;
      look();
    },
    download,
  });
  const whatIf = policiesTable(
    policies,
    (question) => desk.ask("policies", question),
    async (policy) => {
      try {
        save(csv(await desk.ask("list", { policy })), `suppression-${policy}.csv`);
      } catch (error) {
        fail(error);
      }
    },
    fail,
  );

  async function add(list) {
    if (list.length === 0) return;
    if (reading) return void queue.push(...list);
    trouble.hidden = true;
    desk ??= hire(drawProgress, fail);
    reading = true;
    drawIntro();
    drawProgress({ path: list[0].path, done: 0, total: 1, records: 0 });
    try {
      overview = await desk.ask("count", { files: list });
      settle();
    } catch (error) {
      fail(error);
    } finally {
      reading = false;
      progress.hidden = true;
      progress.replaceChildren();
      draw();
    }
    if (queue.length > 0) {
      const next = queue;
      queue = [];
      return add(next);
    }
    if (overview?.counted > 0) await look();
  }

  /** Settings that fit what was read. */
  function settle() {
    const { known } = overview;
    const field = known.fromDomain > 0 ? "from-domain" : known.sendingIp > 0 ? "sending-ip" : "recipient-domain";
    settings = { field, withText: true, from: null, until: null, campaign: null };
    start = 0;
    sort = ["amount", "descending"];
    whatIf.forget();
  }

  function clear() {
    desk?.end();
    desk = null;
    overview = null;
    whatIf.forget();
    draw();
    host.querySelector("button")?.focus();
  }

  /** What the worker is asked: only the latest answer is shown. */
  async function look() {
    turn += 1;
    const mine = turn;
    const slow = setTimeout(() => mine === turn && shown.classList.add("is-busy"), 150);
    try {
      const answer = await desk.ask("table", { settings: question(), sort, start, size: PAGE });
      if (mine !== turn) return;
      table.draw(answer, { settings, sort, size: PAGE, overview }, words);
      tell(answer);
    } catch (error) {
      if (mine === turn) fail(error);
    } finally {
      clearTimeout(slow);
      if (mine === turn) shown.classList.remove("is-busy");
    }
  }

  function question() {
    const { field, withText, from, until, campaign } = settings;
    return { groupBy: withText ? [field, "bounce-text"] : [field], from, until, campaign };
  }

  function tell({ count, total }) {
    const { t, number } = words;
    status.textContent = [
      t("report.tries", { count: total.amount, n: number(total.amount) }),
      t("report.rows", { count, n: number(count) }),
    ].join(", ");
  }

  async function download(form) {
    try {
      const content = await desk.ask(form, { settings: question() });
      save(form === "csv" ? csv(content) : new Blob([content], { type: WORKBOOK }), `bounces.${form}`);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    if (error.code === "worker") {
      // What was read is lost with the worker.
      desk = null;
      overview = null;
      whatIf.forget();
      draw();
    }
    trouble.hidden = false;
    trouble.textContent = words.t("report.failed", { message: error.message });
  }

  // What is drawn when.

  function draw() {
    const { t } = words;
    title.textContent = t("report.title");
    lead.textContent = t("report.lead");
    drawIntro();
    filesRead(read, overview, words);
    const some = overview?.counted > 0;
    shown.hidden = !some;
    reportSettings(asked, some ? { overview, settings } : null, words, (changes) => {
      settings = { ...settings, ...changes };
      start = 0;
      if (sort[0] === "1" && !settings.withText) sort = ["amount", "descending"];
      look();
    });
    whatIf.draw(some && overview.addressed > 0, words);
  }

  function drawIntro() {
    const { t } = words;
    const has = overview !== null;
    host.dataset.has = has ? "report" : "nothing";
    intro.replaceChildren(
      pick(t(has ? "report.more" : "report.choose"), { multiple: true }),
      pick(t("report.folder"), { webkitdirectory: true }),
      has
        ? h("button", { class: "button quiet", type: "button", disabled: reading, onclick: clear }, t("report.clear"))
        : h(
            "button",
            { class: "button quiet", type: "button", disabled: reading, onclick: trySample },
            t("report.sample"),
          ),
      has ? "" : h("p", { class: "aside report-forms" }, t("report.forms")),
      has ? "" : h("p", { class: "privacy" }, icon(icons.lock, 14), h("span", {}, t("report.privacy"))),
    );
  }

  /** A button that opens the browser's own choice of files. */
  function pick(label, props) {
    const input = h("input", {
      type: "file",
      hidden: true,
      ...props,
      onchange: () => {
        add(chosen(input.files));
        input.value = "";
      },
    });
    return h(
      "span",
      {},
      h("button", { class: "button", type: "button", disabled: reading, onclick: () => input.click() }, label),
      input,
    );
  }

  async function trySample() {
    const { sample } = await import("../report/sample.js");
    const file = sample();
    add([{ path: file.name, file }]);
  }

  function drawProgress({ path, done, total, records }) {
    const { t, number, percent } = words;
    const share = total > 0 ? Math.min(1, done / total) : 1;
    if (progress.hidden) {
      const stop = h("button", { class: "button", type: "button", onclick: () => desk.ask("stop") }, t("report.stop"));
      progress.replaceChildren(
        h("p", { class: "report-path" }),
        h("progress", { max: "1", "aria-label": t("report.progress") }),
        h("p", { class: "aside" }),
        stop,
      );
      progress.hidden = false;
    }
    const [name, bar, count] = progress.children;
    name.textContent = path;
    bar.value = share;
    count.textContent = `${percent(share)} · ${t("records.title", { count: records, n: number(records) })}`;
  }

  return (state, before) => {
    const turned = state.words !== before.words;
    words = state.words;
    if (turned) {
      // Told anew with the next bytes.
      progress.hidden = true;
      draw();
      if (overview?.counted > 0) look();
    }
    if (state.files) {
      const list = state.files;
      act("take");
      add(list);
    }
  };
}

const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** With the mark by which Excel knows UTF-8. */
const csv = (text) => new Blob([text.startsWith("\ufeff") ? "" : "\ufeff", text], { type: "text/csv;charset=utf-8" });

/** Hands a file to the browser's downloads. */
function save(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
