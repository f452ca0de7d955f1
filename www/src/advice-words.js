// The words of `advise`, one language at a time. The package brings all five, so that `advise` is
// never asynchronous; a page that loads over the network takes English and the reader's own. The
// build puts this module in the place of the package's (vite.config.js). Should the package be laid
// out in another way one day, the page works as before and is 45 KB heavier.

import english from "bouncelens/locales/en.json";

const loaders = {
  de: () => import("bouncelens/locales/de.json"),
  es: () => import("bouncelens/locales/es.json"),
  fr: () => import("bouncelens/locales/fr.json"),
  it: () => import("bouncelens/locales/it.json"),
};

/** What the package's own module exports. A language that is not here yet is in English. */
export const LOCALES = { de: {}, en: english, es: {}, fr: {}, it: {} };

/** Brings the words of a language. */
export async function learn(locale) {
  if (Object.hasOwn(loaders, locale)) Object.assign(LOCALES[locale], (await loaders[locale]()).default);
}
