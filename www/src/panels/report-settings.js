// Which rows: the period, the campaign; and what they are grouped by.

import { h } from "../dom.js";

/** What rows can be grouped by, the two of the classic report first. */
const FIELDS = ["from-domain", "sending-ip", "recipient-domain", "provider", "campaign", "day", "category", "reason"];

/**
 * @param {HTMLElement} host
 * @param {{ overview: object, settings: import("./report.js").Settings } | null} now
 * @param {import("../locale.js").Words} words
 * @param {(changes: Partial<import("./report.js").Settings>) => void} change
 */
export function reportSettings(host, now, words, change) {
  host.hidden = now === null;
  if (now === null) return host.replaceChildren();
  const { t, number } = words;
  const { overview, settings } = now;
  host.className = "report-settings";
  const dated = overview.from !== null;
  const day = (name, label) => {
    const input = h("input", {
      type: "date",
      min: dateOf(overview.from),
      max: dateOf(overview.until),
      value: settings[name] === null ? null : dateOf(settings[name]),
      // Half a date is none.
      onchange: () => change({ [name]: Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber }),
    });
    return labelled(name, label, input);
  };
  const campaigns = overview.campaigns.filter(({ name }) => name !== null);
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", t("report.settings"));
  host.replaceChildren(
    ...(dated ? [day("from", t("report.from")), day("until", t("report.until"))] : []),
    labelled(
      "campaign",
      t("report.campaign"),
      choice(
        [
          ["", t("report.allCampaigns")],
          ...campaigns.map(({ name, amount }) => [`=${name}`, `${name} (${number(amount)})`]),
          ...(campaigns.length > 0 && campaigns.length < overview.campaigns.length
            ? [["=", t("report.noCampaign")]]
            : []),
        ],
        settings.campaign === null ? "" : `=${settings.campaign}`,
        (value) => change({ campaign: value === "" ? null : value.slice(1) }),
      ),
    ),
    labelled(
      "group",
      t("report.groupBy"),
      choice(
        FIELDS.map((field) => [field, t(`field.${field}`)]),
        settings.field,
        (field) => change({ field }),
      ),
    ),
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        checked: settings.withText,
        onchange: (event) => change({ withText: event.target.checked }),
      }),
      t("report.withText"),
    ),
  );
}

const dateOf = (time) => (time === null ? null : new Date(time).toISOString().slice(0, 10));

function labelled(name, label, control) {
  control.id = `report-${name}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

function choice(options, chosen, choose) {
  const select = h(
    "select",
    { onchange: () => choose(select.value) },
    options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)),
  );
  return select;
}
