import { advise, classify, reasons } from "bouncelens";

const verdict = classify("550 5.1.1 <a@example.com>: User unknown");
console.log(JSON.stringify([verdict.type, verdict.reason, advise(verdict).locale, reasons.length > 70]));
