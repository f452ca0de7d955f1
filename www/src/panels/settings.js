// Language and theme.

import { h } from "../dom.js";
import { languages } from "../locale.js";

const themes = ["auto", "light", "dark"];

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function settingsPanel(host, act) {
  const language = select("language", Object.entries(languages), (value) => act("speak", value));
  const theme = select(
    "theme",
    themes.map((id) => [id, id]),
    (value) => act("paint", value),
  );
  host.append(language.label, theme.label);
  return ({ words, theme: chosen }, before) => {
    if (words !== before.words) {
      language.name.textContent = words.t("settings.language");
      theme.name.textContent = words.t("settings.theme");
      // “Auto” alone does not say what of.
      theme.label.title = words.t("settings.theme");
      language.label.title = words.t("settings.language");
      for (const option of theme.box.options) option.textContent = words.t(`theme.${option.value}`);
    }
    language.box.value = words.locale;
    theme.box.value = chosen;
  };
}

function select(id, options, choose) {
  const name = h("span", { class: "hidden" });
  const box = h(
    "select",
    { id, onchange: () => choose(box.value) },
    options.map(([value, text]) => h("option", { value, lang: id === "language" ? value : null }, text)),
  );
  return { label: h("label", { class: "select" }, name, box), name, box };
}
