import type { OwnRules, Verdict } from "./types.js";

type Base = typeof globalThis extends { HTMLElement: { prototype: infer Element } } ? Element : object;

/**
 * `<bounce-lens>`: shows the verdict on its text. Importing this module registers it.
 *
 * The text is the property `text`, else the attribute `text`, else what stands within the element. Of several records it
 * shows the first that failed. It loads the wasm by itself.
 *
 * Attributes: `text`, `read-as` (a `Form`), `locale` (else the `lang` around it). Events: `verdict` with the verdict or `null` as `detail`,
 * `trouble` with the error. Parts: `text`, `verdict`, `badge`, `title`, `summary`, `likely-hard`, `facts`, `reason`, `steps`, `evidence`,
 * `word`, `trouble`. Custom properties: `--bounce-lens-hard`, `-soft`, `-none`, `-text`, `-ground`, `-line`, `-radius`,
 * `-space`, `-font`. States: `:state(hard)`, `:state(soft)` and the kind. In a form its value is the reason, or the kind.
 */
export interface BounceLensElement {
  text: string | null;
  locale: string;
  /** Rules of one's own, made by `createRules` of `bouncelens/regex`. */
  rules: OwnRules | undefined;
  readonly verdict: Verdict | null;
}

export declare const BounceLens: { new (): BounceLensElement & Base; readonly formAssociated: true };

declare global {
  interface HTMLElementTagNameMap {
    "bounce-lens": BounceLensElement & Base;
  }
}
